'use strict';
// The main thread's heap while worker threads live, with ports, channels and shared memory between them.
const { BroadcastChannel, MessageChannel, Worker } = require('worker_threads');
const { snapshot } = require('./support/snapshot');

const shared = new SharedArrayBuffer(10_000);
const held = { shared, ports: [], workers: [], channel: new BroadcastChannel('heaps') };
for (let i = 0; i < 20; i++) held.ports.push(new MessageChannel());
let online = 0;
for (let i = 0; i < 2; i++) {
  const worker = new Worker(`require('worker_threads').parentPort.postMessage({ ready: true }); setInterval(() => {}, 1000);`, {
    eval: true, workerData: { shared, i },
  });
  held.workers.push(worker);
  worker.on('message', () => { if (++online === 2) snapshot(held); });
}
