'use strict';
// The JavaScript thread sits in read(2) on stdin: neither JavaScript nor the event loop gets a turn. It prints
// `read N` for what it then reads, and ends with stdin.
const fs = require('fs');

require('./support/target').ready();
const buffer = Buffer.alloc(1024);
for (let count; (count = fs.readSync(0, buffer)) > 0; ) fs.writeSync(1, `read ${count}\n`);
