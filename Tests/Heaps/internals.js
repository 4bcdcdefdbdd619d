'use strict';
// A snapshot with V8's internals and with numbers, which writeHeapSnapshot can be asked for.
const v8 = require('v8');
const { cannot, snapshot } = require('./support/snapshot');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 18 || (major === 18 && minor < 13)) cannot('writeHeapSnapshot takes no options');

class Item { constructor(number) { this.number = number; this.half = number / 2; } }
const held = { items: Array.from({ length: 1000 }, (_, number) => new Item(number)), list: [1, 2.5, { three: 3 }], map: new Map([[1, 2]]) };
const change = (held) => { held.items.splice(100, 300); };
snapshot(held, { change, options: { exposeInternals: true, exposeNumericValues: true } });
