'use strict';
// Plain objects of odd shapes: DevTools calls them by their properties, {a, b}, where at least two of a heap's objects, and
// one in a thousand, have the same. So there are few of each.
const { snapshot } = require('./support/snapshot');

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
// Small integers would leave no edge, and so no property, in a snapshot.
const withKeys = (keys) => Object.fromEntries(keys.map((key) => [key, 'value']));
const without = (object) => Object.assign(Object.create(null), object);

const oddNames = ['a,b', '"quoted"', "it's", '{', '}', '{a, b}', '', ' ', 'ключ', '日本語', '😀', '\ud83d', '\u0000', '\n', '\\', '__proto__x', '0x1',
  'constructor', 'toString', 'hasOwnProperty', '12e3', '-1', '1.5', 'NaN', '\u2028', '\u202e'];
// Names are cut at 120 characters, and a property that goes over it is left out: these stand around that bound.
const lengths = [1, 50, 57, 58, 59, 60, 110, 114, 115, 116, 117, 118, 119, 120, 121, 122, 200, 2000];

const held = {
  onlyOnce: times(60, (shape) => ({ [`single${shape}`]: [] })),
  pairs: times(30, (index) => ({ a: [index], b: [index] })),
  // The same properties in another order, and more than those.
  otherOrder: times(20, (index) => ({ b: [index], a: [] })),
  supersets: times(10, (index) => ({ a: [], b: [], c: [index] })),
  // Matches {a, b}, {c, d} and {b, c}, none of which holds the others.
  bothOfTwo: times(3, (index) => ({ d: [], c: [], b: [], a: [], [`only${index}`]: [] })),
  others: times(15, () => ({ c: [], d: [] })),
  between: times(12, () => ({ b: [], c: [] })),
  odd: oddNames.map((name) => times(3, () => withKeys([name, 'other']))),
  allOdd: times(4, () => withKeys(oddNames)),
  longNames: lengths.map((length) => times(3, () => withKeys(['n'.repeat(length)]))),
  longAfterShort: lengths.map((length) => times(3, () => withKeys(['first', 'm'.repeat(length), 'last']))),
  longQuoted: lengths.map((length) => times(3, () => withKeys([`"${'q'.repeat(length)}`, 'last']))),
  // Differ only in what the name leaves out.
  sameWhenCut: times(12, (index) => withKeys(['x'.repeat(70), 'y'.repeat(49), index % 2 ? 'even' : 'odd'])),
  manyKeys: times(3, () => withKeys(times(60, (index) => `key${index}`))),
  dictionaries: times(4, (index) => {
    const object = withKeys(times(200, (key) => `entry${key}`));
    delete object[`entry${index}`];
    return object;
  }),
  indexed: times(5, (index) => ({ [index]: {}, 7: {}, name: 'indexed' })),
  onlyIndexed: times(5, () => ({ 0: {}, 1: {} })),
  empty: times(6, () => ({})),
  symbols: times(6, () => ({ [Symbol('own')]: {}, [Symbol.iterator]: null })),
  accessors: times(6, () => ({ get area() { return 1; }, set area(value) {}, get onlyRead() { return 2; }, plain: {} })),
  ownProto: times(6, () => Object.defineProperty({ a: {} }, '__proto__', { value: {}, enumerable: true })),
  setProto: times(6, () => ({ __proto__: { inherited: {} }, own: {} })),
  // Nothing to take a class's name from.
  noProto: times(6, (index) => without({ index, value: {} })),
  hidden: times(6, () => Object.defineProperty({}, 'invisible', { value: {}, enumerable: false })),
  constructorOwn: times(6, () => ({ constructor: {}, x: {} })),
  constructorNamed: times(6, () => ({ constructor: function Impostor() {}, x: {} })),
  frozen: times(6, () => Object.freeze({ frozen: {}, solid: {} })),
  methods: times(6, () => ({ run() {}, stop: () => {}, async wait() {} })),
  smi: times(6, (index) => ({ small: index, half: index + 0.5 })),
  nested: times(6, () => ({ a: { b: { c: { d: {} } } } })),
  jsonLike: JSON.parse(JSON.stringify(times(10, (id) => ({ id, user: { name: `user ${id}`, tags: ['x', 'y'] }, at: [1.5, id] })))),
};

// The later snapshot has interfaces that the base has not, and lacks one of its own.
const change = (held) => {
  held.pairs.length = 5;
  held.onlyOnce = times(60, (shape) => ({ [`single${shape % 20}`]: [], again: [] }));
  held.added = times(40, (index) => ({ fresh: [index], leaf: {} }));
  held.others = null;
  held.empty.forEach((object) => { object.filled = []; });
};
snapshot(held, { change });
