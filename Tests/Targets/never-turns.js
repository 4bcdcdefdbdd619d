'use strict';
// JavaScript that never returns to the event loop, in the way that the argument names. It ends with its starter.
const { Worker } = require('worker_threads');
const { ready, starterIsGone } = require('./support/target');

const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const ways = {
  spins: () => {},
  waits: () => sleep(200),
};

const [way, workers = 0] = process.argv.slice(2);
for (let i = 0; i < workers; i++) {
  new Worker('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', { eval: true });
}
const begin = () => {
  ready();
  for (let next = Date.now() + 200; ; ) {
    ways[way]();
    if (Date.now() < next) continue;
    next += 200;
    if (starterIsGone()) process.exit();
  }
};
// The workers are to wait before.
setTimeout(begin, workers ? 500 : 0);
