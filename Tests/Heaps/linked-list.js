'use strict';
// A list as long as no recursion is deep.
const { snapshot } = require('./support/snapshot');

class Link { constructor(next) { this.next = next; } }
let head = null;
for (let i = 0; i < 200_000; i++) head = new Link(head);
const held = { head };
const change = (held) => {
  for (let i = 0; i < 50_000; i++) held.head = held.head.next;
  for (let i = 0; i < 1000; i++) held.head = new Link(held.head);
};
snapshot(held, { change });
