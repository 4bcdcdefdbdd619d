'use strict';
// Prints how many seconds JSON.parse of a file takes, reading included.
// Usage: json-parse.js FILE
const fs = require('fs');

const start = process.hrtime.bigint();
JSON.parse(fs.readFileSync(process.argv[2]));
console.log(Number(process.hrtime.bigint() - start) / 1e9);
