'use strict';
// Arrays by how V8 keeps their elements: packed, with holes, of doubles, as a dictionary, copied on write, frozen.
const { snapshot } = require('./support/snapshot');

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const sparse = (far) => {
  const array = [];
  array[far] = { far };
  array[3] = 'near';
  return array;
};
const shared = { shared: true };
const held = {
  packed: times(20, () => times(500, (i) => ({ i }))),
  smi: times(20, () => times(1000, (i) => i)),
  doubles: times(20, () => times(1000, (i) => i + 0.5)),
  holey: times(20, () => { const array = new Array(1000); array[500] = {}; return array; }),
  holeyDoubles: times(20, () => { const array = new Array(100); array[50] = 0.5; return array; }),
  empty: times(200, () => []),
  literals: times(200, () => ['a', 'b', 1, 2.5, null]),
  dictionaries: times(20, (i) => sparse(20_000_000 + i)),
  maximal: sparse(4294967294),
  large: new Array(40_000).fill(shared),
  largeDoubles: new Array(100_000).fill(1.5),
  slack: times(20, () => { const array = times(1000, (i) => i); array.length = 3; return array; }),
  shifted: times(20, () => { const array = times(300, (i) => ({ i })); for (let i = 0; i < 250; i++) array.shift(); return array; }),
  withProperties: times(20, () => Object.assign([1, {}], { extra: {}, more: 'text' })),
  frozen: times(20, () => Object.freeze([{}, 'x'])),
  nested: times(2000, () => 0).reduce((inner) => [inner], []),
  likeArrays: times(20, () => ({ length: 2, 0: {}, 1: {} })),
  subclass: times(50, () => new (class Stack extends Array { })(1, 2, {})),
};
held.cycle = [held];
const change = (held) => {
  held.packed.splice(3, 5);
  held.empty.forEach((array, index) => array.push(index, {}));
  held.added = times(10, () => times(200, (i) => [i]));
};
snapshot(held, { change });
