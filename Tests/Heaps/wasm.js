'use strict';
// A WebAssembly module, its instances, memory, table and globals.
const { snapshot } = require('./support/snapshot');

const bytes = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f, // (i32, i32) -> i32
  2, 11, 1, 3, 0x65, 0x6e, 0x76, 3, 0x61, 0x64, 0x64, 0, 0, // imports env.add
  3, 2, 1, 0,
  4, 4, 1, 0x70, 0, 4, // a table of four functions
  5, 3, 1, 0, 2, // two pages of memory
  6, 6, 1, 0x7f, 1, 0x41, 7, 0x0b, // a mutable global
  7, 30, 4, 3, 0x73, 0x75, 0x6d, 0, 1, 3, 0x6d, 0x65, 0x6d, 2, 0, 5, 0x74, 0x61, 0x62, 0x6c, 0x65, 1, 0, 6, 0x67, 0x6c, 0x6f, 0x62, 0x61, 0x6c, 3, 0,
  9, 7, 1, 0, 0x41, 0, 0x0b, 1, 1, // the table's first
  10, 10, 1, 8, 0, 0x20, 0, 0x20, 1, 0x10, 0, 0x0b, // calls what it imports
]);
const held = [];
for (let i = 0; i < 10; i++) {
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, { env: { add: (a, b) => a + b + i } });
  instance.exports.sum(1, 2);
  held.push(module, instance, new Uint8Array(instance.exports.mem.buffer), instance.exports);
}
held.push(new WebAssembly.Memory({ initial: 3, maximum: 10, shared: true }), new WebAssembly.Memory({ initial: 1 }));
held.push(new WebAssembly.Table({ initial: 20, element: 'externref' }), new WebAssembly.Global({ value: 'i64', mutable: true }, 5n));
held.push(new WebAssembly.Tag({ parameters: ['i32'] }), new WebAssembly.CompileError('none'));
snapshot(held);
