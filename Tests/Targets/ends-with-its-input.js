'use strict';
// A program that has ended once its input does: with a debugger attached Node waits for that one to leave.
const { ready } = require('./support/target');
process.stdin.on('end', () => {}).resume();
ready();
