'use strict';
// Plain objects of many shapes: DevTools calls them by their properties, {a, b}, where enough objects have the same.
const { snapshot } = require('./support/snapshot');

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const withKeys = (keys) => Object.fromEntries(keys.map((key) => [key, key.length]));
const without = (object) => Object.assign(Object.create(null), object);

const oddNames = ['a,b', '"quoted"', "it's", '{', '}', '{a, b}', '', ' ', 'ключ', '日本語', '😀', '\ud83d', '\u0000', '\n', '\\', '__proto__x', '0x1',
  'constructor', 'toString', 'hasOwnProperty', '12e3', '-1', '1.5', 'NaN', '\u2028', '\u202e'];
// Names are cut at 120 characters, and a property that goes over it is left out: these stand around that bound.
const lengths = [1, 50, 57, 58, 59, 60, 110, 114, 115, 116, 117, 118, 119, 120, 121, 122, 200, 2000];

const held = {
  // More shapes than the thousand that DevTools might stop at, of two to four objects each.
  shapes: times(1200, (shape) => times(2 + (shape % 3), (index) => ({ [`shape${shape}`]: index, common: shape }))),
  onlyOnce: times(300, (shape) => ({ [`single${shape}`]: 1 })),
  pairs: times(500, (index) => ({ a: index, b: { index } })),
  // The same properties in another order, and more than those.
  otherOrder: times(400, (index) => ({ b: [index], a: {} })),
  supersets: times(300, (index) => ({ a: {}, b: {}, c: index })),
  // Matches {a, b}, {c, d} and {b, c}, none of which holds the others.
  bothOfTwo: times(3, (index) => ({ d: {}, c: {}, b: {}, a: {}, ['only' + index]: {} })),
  others: times(450, () => ({ c: {}, d: {} })),
  between: times(450, () => ({ b: {}, c: {} })),
  odd: oddNames.map((name) => times(5, () => withKeys([name, 'other']))),
  allOdd: times(4, () => withKeys(oddNames)),
  longNames: lengths.map((length) => times(6, () => withKeys(['n'.repeat(length)]))),
  longAfterShort: lengths.map((length) => times(6, () => withKeys(['first', 'm'.repeat(length), 'last']))),
  longQuoted: lengths.map((length) => times(6, () => withKeys([`"${'q'.repeat(length)}`, 'last']))),
  // Differ only in what the name leaves out.
  sameWhenCut: times(12, (index) => withKeys(['x'.repeat(70), 'y'.repeat(49), index % 2 ? 'even' : 'odd'])),
  manyKeys: times(3, () => withKeys(times(60, (index) => `key${index}`))),
  dictionaries: times(20, (index) => {
    const object = withKeys(times(200, (key) => `entry${key}`));
    delete object[`entry${index}`];
    return object;
  }),
  indexed: times(20, (index) => ({ [index]: {}, 7: {}, name: 'indexed' })),
  onlyIndexed: times(20, () => ({ 0: {}, 1: {} })),
  empty: times(50, () => ({})),
  symbols: times(20, () => ({ [Symbol('own')]: {}, [Symbol.iterator]: null })),
  accessors: times(20, () => ({ get area() { return 1; }, set area(value) {}, get onlyRead() { return 2; }, plain: {} })),
  ownProto: times(20, () => Object.defineProperty({ a: {} }, '__proto__', { value: {}, enumerable: true })),
  setProto: times(20, () => ({ __proto__: { inherited: {} }, own: {} })),
  // Nothing to take a class's name from.
  noProto: times(20, (index) => without({ index, value: {} })),
  hidden: times(20, () => Object.defineProperty({}, 'invisible', { value: {}, enumerable: false })),
  constructorOwn: times(20, () => ({ constructor: {}, x: {} })),
  constructorNamed: times(20, () => ({ constructor: function Impostor() {}, x: {} })),
  frozen: times(20, () => Object.freeze({ frozen: {}, solid: {} })),
  methods: times(20, () => ({ run() {}, stop: () => {}, async wait() {} })),
  smi: times(20, (index) => ({ small: index, half: index + 0.5 })),
  nested: times(20, () => ({ a: { b: { c: { d: {} } } } })),
  jsonLike: JSON.parse(JSON.stringify(times(300, (id) => ({ id, user: { name: `user ${id}`, tags: ['x', 'y'] }, at: [1.5, id] })))),
};

// The later snapshot has interfaces that the base has not, and lacks one of its own.
const change = (held) => {
  held.pairs.length = 100;
  held.onlyOnce = times(300, (shape) => ({ [`single${shape % 50}`]: {}, again: {} }));
  held.added = times(700, (index) => ({ fresh: index, leaf: {} }));
  held.others = null;
  held.empty.forEach((object) => { object.filled = {}; });
};
snapshot(held, { change });
