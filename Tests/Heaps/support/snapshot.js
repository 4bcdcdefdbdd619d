'use strict';
// How each program here ends: with a snapshot of what it holds.
// Usage: PROGRAM PATH [LATER]      (writes PATH; changes its heap and writes LATER too, where that is given)
// Exit status 3: this Node cannot hold that kind of heap, for the reason on standard error.
const v8 = require('v8');

const [, , path, later] = process.argv;

const cannot = (reason) => {
  console.error(`${reason} (Node ${process.versions.node})`);
  process.exit(3);
};

// `held` stays reachable as a global. Both snapshots come from one process, in which V8 keeps the objects' ids.
const snapshot = (held, { change, options } = {}) => {
  global.held = held;
  if (later && !change) cannot('this program changes nothing');
  // From the event loop: what the main script had on its stack is gone.
  setImmediate(() => {
    v8.writeHeapSnapshot(path, options);
    if (later) {
      change(held);
      v8.writeHeapSnapshot(later, options);
    }
    // Open handles are a part of some heaps.
    process.exit();
  });
};

// The same numbers in each run: a heap that shows a difference can be made again.
const randomNumbers = (seed) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed;
};

module.exports = { cannot, randomNumbers, snapshot };
