'use strict';
// A server that writes to 20,000 of its objects at each turn of its event loop, all over its heap: while a forked copy of it
// lives, it has to copy every page that it writes to.
// Usage: rewrites-its-heap.js [MB]      (60 when not given)
const { serve } = require('./support/target');

const wanted = Number(process.argv[2] || 60) * 1024 * 1024;
const objects = [];
for (let number = 0; number % 1000 || process.memoryUsage().heapUsed < wanted; number++) {
  objects.push({ number, count: 0, text: `object ${number}` });
}
global.objects = objects;

let next = 0;
const turn = () => {
  // A prime, so that they are far from each other and all are reached.
  for (let i = 0; i < 20000; i++) {
    next = (next + 7919) % objects.length;
    objects[next].count = (objects[next].count + 1) % 1000;
  }
  setImmediate(turn);
};
turn();
serve({}, { objects: objects.length });
