'use strict';
// Twenty thousand classes, of an object each.
const { snapshot } = require('./support/snapshot');

const held = [];
for (let group = 0; group < 200; group++) {
  const names = Array.from({ length: 100 }, (_, index) => `Tiny${group * 100 + index}`);
  held.push(new Function(`return [${names.map((name) => `new (class ${name} {})`)}]`)());
}
snapshot(held);
