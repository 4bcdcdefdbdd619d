'use strict';
// WeakMap, WeakSet, WeakRef, FinalizationRegistry. DevTools reads from an edge's name that a WeakMap's value hangs on its key.
const { namedClass } = require('./support/named-class');
const { snapshot } = require('./support/snapshot');

// Could be taken for the parts of such an edge's name.
const oddNames = ['Line\nbreak', 'Paren)theses(', 'key (Object @1) -> value (Object @3) pair in WeakMap (table @5)', '1 / part of key (X @7)',
  '(table @9)', '@11', ' -> ', '', ')', '\u0000', '"', '😀', 'x'.repeat(3000)];
const OddKeys = oddNames.map(namedClass);

const held = { keys: [], maps: [], sets: [], refs: [] };
const map = () => {
  const made = new WeakMap();
  held.maps.push(made);
  return made;
};

const odd = map();
for (const Key of OddKeys) for (const Value of OddKeys) {
  const key = new Key();
  held.keys.push(key);
  odd.set(key, new Value());
}
// A value that nothing else holds is the next one's key.
const chain = map();
let link = { first: true };
held.keys.push(link);
for (let i = 0; i < 1000; i++) {
  const next = { [`link${i % 3}`]: i, large: [i, i + 0.5] };
  chain.set(link, next);
  link = next;
}
// The same over tables: each key's value in one map is the key in the next.
const row = Array.from({ length: 40 }, map);
let step = {};
held.keys.push(step);
for (const each of row) {
  const next = { step: [] };
  each.set(step, next);
  step = next;
}
const large = map();
for (let i = 0; i < 5000; i++) {
  const key = i % 2 ? { i } : () => i;
  held.keys.push(key);
  large.set(key, i % 5 ? { value: `value ${i}` } : i % 10 ? `text ${i}` : i);
}
// One key in many maps, one value of many keys, a key that is its own value, a map that is its own key.
const shared = { shared: true };
const popular = { popular: true };
held.keys.push(shared);
for (let i = 0; i < 50; i++) map().set(shared, { of: i });
const many = map();
for (let i = 0; i < 500; i++) {
  const key = [i];
  held.keys.push(key);
  many.set(key, popular).set(shared, shared);
}
many.set(many, many);
// A value that holds its key, and a map that only its own value reaches.
const loop = map();
for (let i = 0; i < 300; i++) {
  const key = { loop: i };
  loop.set(key, { key, loop });
  if (i % 3) held.keys.push(key);
}
const hidden = new WeakMap();
hidden.set(shared, { hidden });
// Keys that the collector may take.
for (let i = 0; i < 300; i++) large.set({ gone: i }, { gone: i });

const Members = Array.from({ length: 7 }, (_, i) => namedClass(`Member${i}`));
for (let i = 0; i < 300; i++) {
  const member = new Members[i % 7]();
  const set = new WeakSet([member, {}]);
  held.sets.push(set);
  if (i % 2) held.keys.push(member);
  held.refs.push(new WeakRef(member), new WeakRef(i % 5 ? {} : set));
}
held.registry = new FinalizationRegistry(() => {});
for (let i = 0; i < 300; i++) {
  const target = { target: i };
  if (i % 2) held.keys.push(target);
  held.registry.register(target, { note: i }, i % 3 ? target : undefined);
}
if (Number(process.versions.node.split('.')[0]) >= 20) large.set(Symbol('weak key'), { value: 'of a symbol' });

const change = (held) => {
  for (let i = 0; i < 200; i++) large.set(held.keys[held.keys.length - 1 - i], { replaced: i });
  held.keys.splice(100, 1500);
};
snapshot(held, { change });
