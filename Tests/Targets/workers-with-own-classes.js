'use strict';
// A server with two worker threads; each thread's heap holds a class that no other has.
const { Worker, isMainThread, workerData } = require('worker_threads');

class InMain {}
class InFirst {}
class InSecond {}

const fill = (Class, count) => {
  global.objects = Array.from({ length: count }, () => new Class());
};

if (isMainThread) {
  fill(InMain, 100);
  const ids = [];
  for (const count of [200, 300]) {
    const worker = new Worker(__filename, { workerData: count });
    ids.push(worker.threadId);
    worker.once('message', () => --waiting || require('./support/target').serve({}, { ids }));
  }
  let waiting = 2;
} else {
  fill(workerData === 200 ? InFirst : InSecond, workerData);
  require('worker_threads').parentPort.postMessage('ready');
  setInterval(() => {}, 1e6);
}
