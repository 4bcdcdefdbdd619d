'use strict';
// A server with two worker threads that collect garbage and compile code of their own.
// Usage: busy-workers.js [KNOWN-OBJECTS [PAUSE]]      (milliseconds between two bursts of work; 0: they never rest)
const { Worker, isMainThread, workerData } = require('worker_threads');

const work = ({ gate, pause }) => {
  let list = [];
  let number = 0;
  const burst = () => {
    const end = performance.now() + 10;
    while (performance.now() < end) {
      for (let i = 0; i < 500; i++) list.push({ i, text: `item ${i}`, list: [i] });
      if (list.length > 30000) list = list.slice(15000);
      new Function('x', `return x + ${number++};`)(1);
    }
    if (Atomics.load(gate, 0)) {
      // The main thread rests.
      list = [];
      global.gc();
      Atomics.wait(gate, 0, 1);
    }
    if (pause) setTimeout(burst, pause);
    else setImmediate(burst);
  };
  burst();
};

if (isMainThread) {
  const { repeat, run } = require('./support/stress');
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const pause = Number(process.argv[3] || 40);
  const workers = [1, 2].map(() => new Worker(__filename, { workerData: { gate, pause } }));
  const set = (value) => {
    Atomics.store(gate, 0, value);
    Atomics.notify(gate, 0);
  };
  repeat(() => Array.from({ length: 1000 }, (_, i) => ({ i })), 5);
  let online = 0;
  const start = () => ++online === workers.length && run({ rest: () => set(1), goOn: () => set(0) });
  workers.forEach((worker) => worker.on('online', start));
} else {
  work(workerData);
}
