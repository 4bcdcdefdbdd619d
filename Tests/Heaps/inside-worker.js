'use strict';
// A worker thread's own heap.
const v8 = require('v8');
const { Worker, isMainThread, workerData } = require('worker_threads');

if (isMainThread) {
  new Worker(__filename, { workerData: process.argv[2] }).on('exit', (code) => process.exit(code));
} else {
  class Job { constructor(id) { this.id = id; this.payload = { id }; } }
  global.held = Array.from({ length: 500 }, (_, id) => new Job(id));
  setImmediate(() => v8.writeHeapSnapshot(workerData));
}
