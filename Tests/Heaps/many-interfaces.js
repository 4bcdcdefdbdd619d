'use strict';
// Nearly as many shapes of plain objects as DevTools can name: with two objects of each, and one in a thousand to be
// reached, that is below a thousand. Many of them are a part of others.
const { snapshot } = require('./support/snapshot');

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const letters = [...'abcdefgh'];
// Each set of the letters but the empty one: an object that is none of them may match many at once.
const sets = times(255, (set) => letters.filter((_, bit) => ((set + 1) >> bit) & 1));
const held = {
  sets: sets.map((keys) => times(2, () => Object.fromEntries(keys.map((key) => [key, key])))),
  shapes: times(300, (shape) => times(2, (index) => ({ [`shape${shape}`]: [index], common: 'shape' }))),
  // Of no shape that another has.
  mixed: times(60, (index) => Object.fromEntries([...letters.slice(index % 8), `other${index}`].map((key) => [key, key]))),
};
const change = (held) => {
  held.sets.splice(0, 60);
  held.late = times(100, (shape) => times(2, (index) => ({ [`late${shape}`]: [index], a: [] })));
};
snapshot(held, { change });
