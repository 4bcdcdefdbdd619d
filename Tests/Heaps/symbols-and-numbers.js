'use strict';
// Symbols, BigInts, heap numbers and small integers, as properties and elements, and boxed.
const { snapshot } = require('./support/snapshot');

const held = [];
for (let i = 0; i < 800; i++) {
  held.push(Symbol(`symbol ${i % 20}`), Symbol(), Symbol.for(`registered ${i % 50}`), BigInt(i) ** 40n, -BigInt(i), BigInt.asUintN(64, -1n));
  held.push(i + 0.5, -i / 3, 2 ** 40 + i, i, -0, NaN, Infinity, -(2 ** 31), 2 ** 31 - 1, null, undefined, true, false);
  held.push({ double: i + 0.25, small: i, large: 2 ** 45 + i, big: BigInt(i) << 100n, symbol: Symbol('value') });
}
held.push(10n ** 5000n);
const mutable = { number: 1 };
for (let i = 0; i < 100; i++) mutable.number += 0.1;
held.push(mutable, Symbol('\ud83d'), Symbol('x'.repeat(3000)), Symbol('with\nlines'));
snapshot(held);
