'use strict';
// JavaScript that never returns to the event loop. It prints `turns N` about once a second: the sign that it goes on.
const fs = require('fs');
const target = require('./support/target');

// No event tells of stdin's end in here. Opened anew, because O_NONBLOCK on a shared description would be the starter's too.
const isPipe = fs.fstatSync(0).isFIFO();
const stdin = isPipe && fs.openSync('/proc/self/fd/0', fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
const stdinHasEnded = () => {
  try {
    return isPipe && fs.readSync(stdin, Buffer.alloc(64)) === 0;
  } catch (error) {
    return error.code !== 'EAGAIN';
  }
};

target.ready();
for (let turns = 1, next = Date.now() + 1000; ; turns++) {
  if (Date.now() < next) continue;
  next += 1000;
  if (target.starterIsGone() || stdinHasEnded()) process.exit();
  fs.writeSync(1, `turns ${turns}\n`);
}
