'use strict';
// A server whose heap holds one kind of things, since V8's own need for a snapshot depends on what it finds.
// Usage: heap-of-one-kind.js KIND [MB]       (20 when not given)
// `GET /memory` answers how much V8 has in use for small and for large objects, after a collection where gc is exposed; and what
// the process holds.
const v8 = require('v8');
const { serve } = require('./support/target');

const megabytes = Number(process.argv[3] || 20);
const wanted = megabytes * 1024 * 1024;
const text = (length, number) => Buffer.alloc(length, `text ${number} `).toString('latin1');
const held = [];

const kinds = {
  // Outside of V8's heap.
  buffers: (number) => Buffer.alloc(1 << 20, number),
  // 24 bytes each: an empty object, in an array of them.
  'small-objects': () => ({ a: 1 }),
  'linked-objects': (number) => ({ number, before: held.length ? held[held.length - 1] : null }),
  'long-strings': (number) => text(100_000, number),
  'short-strings': (number) => `user ${number} ${Math.random()}`,
  'not-ascii-strings': (number) => `${'é'.repeat(1000)}${number}`,
  'wide-strings': (number) => `${'語'.repeat(1000)}${number}`,
  closures: (number) => () => number,
  arrays: (number) => Array.from({ length: 1000 }, () => held),
  numbers: (number) => Array.from({ length: 1000 }, (_, index) => index + 0.5),
  maps: (number) => new Map([[number, { number }], [`${number}`, number]]),
  dictionaries: (number) => Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key ${number} ${index}`, index])),
  records: (number) => ({ id: number, name: `record ${number}`, tags: ['a', 'b', number], at: { x: number + 0.5 } }),
  functions: (number) => new Function(`return function f${number}(a) { return a + ${number}; }`)(),
};

const make = kinds[process.argv[2]];
if (!make) {
  console.error(`one of: ${Object.keys(kinds).join(', ')}`);
  process.exit(64);
}
const used = () => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const step = { buffers: 1, 'long-strings': 10, functions: 200, arrays: 20, numbers: 20, dictionaries: 20 }[process.argv[2]] || 1000;
for (let number = 0; number % step || used() < wanted; number++) held.push(make(number));
global.held = held;

const memory = () => {
  if (global.gc) global.gc();
  let small = 0;
  let large = 0;
  for (const { space_name: name, space_used_size: used } of v8.getHeapSpaceStatistics()) {
    if (name.includes('large_object')) large += used;
    else small += used;
  }
  return JSON.stringify({ small, large, rss: process.memoryUsage().rss });
};
serve({ '/memory': memory, '/kinds': () => JSON.stringify(Object.keys(kinds)) }, { held: held.length });
