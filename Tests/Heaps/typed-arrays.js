'use strict';
// Memory outside of V8's heap: ArrayBuffers, shared and resizable ones, views, Buffers of the pool and their slices.
const { snapshot } = require('./support/snapshot');

const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
  BigInt64Array, BigUint64Array];
const held = [];
for (const Kind of kinds) {
  for (const length of [0, 1, 8, 64, 1000, 100_000]) held.push(new Kind(length));
  const buffer = new ArrayBuffer(4096);
  held.push([new Kind(buffer), new Kind(buffer, 64), new Kind(buffer, 64, 4), new DataView(buffer, 8)]);
  held.push(new Kind(new SharedArrayBuffer(4096)));
}
for (let i = 0; i < 200; i++) {
  held.push(Buffer.from(`pooled ${i}`), Buffer.allocUnsafe(100), Buffer.alloc(20_000).subarray(10, 50), Buffer.alloc(0));
  held.push(new ArrayBuffer(i * 10), new SharedArrayBuffer(i * 10));
}
held.push(Buffer.from('external'.repeat(100_000)), new Uint8Array(5_000_000));
// Detached: its memory went elsewhere.
const moved = new ArrayBuffer(10_000);
held.push(moved, structuredClone(moved, { transfer: [moved] }));
if (ArrayBuffer.prototype.resize) {
  const resizable = new ArrayBuffer(1000, { maxByteLength: 100_000 });
  held.push(resizable, new Uint8Array(resizable), new Float64Array(resizable, 8));
  const growable = new SharedArrayBuffer(1000, { maxByteLength: 100_000 });
  held.push(growable, new Uint16Array(growable));
}
class Frame extends Uint8Array { meta = {}; }
for (let i = 0; i < 50; i++) held.push(new Frame(100 + i));

const change = (held) => {
  held.splice(5, 60);
  for (let i = 0; i < 30; i++) held.push(new Float64Array(1000 + i), Buffer.alloc(9000 + i));
};
snapshot(held, { change });
