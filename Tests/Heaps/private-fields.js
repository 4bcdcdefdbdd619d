'use strict';
// Classes with private fields, accessors and methods, static blocks, and long lines of ancestors.
const { snapshot } = require('./support/snapshot');

class Account {
  #balance = 1.5;
  #owner = { name: 'owner' };
  static #count = 0;
  static registry = new Map();
  static { this.registry.set(0, new Account()); }
  get #total() { return this.#balance; }
  #move() { return [this.#total, this.#owner]; }
  constructor() { Account.#count++; this.move = () => this.#move(); }
  static isOne(value) { return #balance in value; }
}
class Savings extends Account {
  #rate = { percent: 2 };
  accessorLike = () => this.#rate;
  static [Symbol.hasInstance](value) { return Boolean(value); }
}
// Private fields that are put on objects of others.
class Returns { constructor(object) { return object; } }
class Stamp extends Returns {
  #stamp = { stamped: true };
  static read(value) { return value.#stamp; }
}

const held = { accounts: [], savings: [], stamped: [], heirs: [] };
for (let i = 0; i < 300; i++) {
  held.accounts.push(new Account());
  held.savings.push(new Savings());
  held.stamped.push(new Stamp(i % 2 ? {} : Object.freeze([i])), new Stamp({ a: i, b: {} }));
}
let Heir = class Ancestor { field0 = {}; };
for (let depth = 0; depth < 60; depth++) Heir = class extends Heir { [`field${depth + 1}`] = {}; };
for (let i = 0; i < 20; i++) held.heirs.push(new Heir());

const change = (held) => {
  held.savings.length = 50;
  for (let i = 0; i < 70; i++) held.accounts.push(new Savings());
};
snapshot(held, { change });
