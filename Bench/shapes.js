'use strict';
// Writes a snapshot of a heap of one shape, of those that tempt an analysis to look at one thing again for each other.
// Usage: shapes.js SHAPE COUNT PATH
const v8 = require('v8');
const { EventEmitter } = require('events');

const [shape, countText, path] = process.argv.slice(2);
const count = Number(countText);

class Item {
  constructor(number) {
    this.number = number;
    this.next = null;
  }
}

const shapes = {
  // Many closures in one array, each with an object of its own.
  listeners() {
    const bus = new EventEmitter();
    bus.setMaxListeners(0);
    for (let i = 0; i < count; i++) {
      const item = new Item(i);
      bus.on('event', () => item.number);
    }
    return bus;
  },
  // Each object holds a closure over itself.
  'closures over their owners'() {
    const items = [];
    for (let i = 0; i < count; i++) {
      const item = new Item(i);
      item.close = () => item.number;
      items.push(item);
    }
    return items;
  },
  // A list, and an index of its members, which its last member holds too.
  'a list and its index'() {
    const index = [];
    let list = new Item(0);
    for (let i = 1; i < count; i++) {
      const item = new Item(i);
      item.next = list;
      list = item;
      index.push(new Item(i));
    }
    let last = list;
    while (last.next) last = last.next;
    last.index = index.slice();
    return { list, index };
  },
  // One object whose elements lead back to it.
  'a hub'() {
    const hub = [];
    for (let i = 0; i < count; i++) {
      const item = new Item(i);
      item.next = hub;
      hub.push(item);
    }
    return hub;
  },
  // A list whose links each hold a list.
  'a list of lists'() {
    let list = null;
    for (let i = 0; i < count / 10; i++) {
      const link = new Item(i);
      link.next = list;
      let inner = null;
      for (let j = 0; j < 9; j++) {
        const item = new Item(j);
        item.next = inner;
        inner = item;
      }
      link.items = inner;
      list = link;
    }
    return list;
  },
  // Each waits for the one before.
  promises() {
    let open;
    let tail = new Promise((resolve) => { open = resolve; });
    for (let i = 0; i < count; i++) {
      const item = new Item(i);
      tail = tail.then(() => item.number);
    }
    return { open, tail };
  },
};

globalThis.kept = shapes[shape]();
v8.writeHeapSnapshot(path);
