'use strict';
// JavaScript that keeps the event loop busy until a file appears, and serves from then on.
// Usage: busy-until-file.js FILE
const fs = require('fs');
const target = require('./support/target');

setTimeout(() => {
  target.ready();
  while (!fs.existsSync(process.argv[2])) if (target.starterIsGone()) process.exit();
  target.serve();
}, 0);
