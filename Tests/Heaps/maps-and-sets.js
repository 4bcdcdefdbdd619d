'use strict';
// Maps and Sets: empty, small, large, shrunk, nested, their own members, with iterators under way.
const { snapshot } = require('./support/snapshot');

const held = { small: [], iterators: [] };
for (let i = 0; i < 400; i++) {
  held.small.push(new Map(), new Set(), new Map([[i, { i }], [{ key: i }, `value ${i}`]]), new Set([i, [i], `text ${i}`]));
}
held.large = new Map(Array.from({ length: 8000 }, (_, i) => [`key ${i}`, i % 3 ? { i } : i]));
held.members = new Set(Array.from({ length: 8000 }, (_, i) => (i % 2 ? { i } : i + 0.5)));
held.shrunk = new Map(Array.from({ length: 5000 }, (_, i) => [i, { i }]));
for (let i = 0; i < 4990; i++) held.shrunk.delete(i);
held.self = new Map();
held.self.set(held.self, held.self).set(NaN, -0).set(undefined, null).set(Symbol('key'), 10n);
for (let i = 0; i < 50; i++) {
  const map = new Map([[1, {}], [2, {}]]);
  const iterator = map[['entries', 'keys', 'values'][i % 3]]();
  iterator.next();
  held.iterators.push(iterator, new Set([i]).values(), [i][Symbol.iterator](), `${i}x`[Symbol.iterator](), 'a1b2'.matchAll(/\d/g));
}
class Cache extends Map { hits = { count: 0 }; }
class Tags extends Set { }
for (let i = 0; i < 50; i++) held.small.push(new Cache([[i, {}]]), new Tags([{}, {}]));
let inner = new Map();
for (let i = 0; i < 200; i++) inner = i % 2 ? new Map([[inner, i]]) : new Set([inner]);
held.nested = inner;

const change = (held) => {
  for (let i = 0; i < 3000; i++) held.large.delete(`key ${i}`);
  for (let i = 0; i < 2000; i++) held.members.add({ late: i });
  held.nested = null;
};
snapshot(held, { change });
