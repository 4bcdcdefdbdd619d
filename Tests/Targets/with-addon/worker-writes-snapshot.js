'use strict';
// Its worker thread holds instances of WorkerMarker, and dumps.
// Usage: worker-writes-snapshot.js ADDON MARKERS FILE [terminate]      (terminate: ends the worker in mid-dump)
const { Worker, isMainThread, parentPort } = require('worker_threads');
const { forks, hold, say, sayEnd, sayWhatIsLeft } = require('./support');
const [addon, count, file, mode] = process.argv.slice(2);

if (isMainThread) {
  hold(5);
  const worker = new Worker(__filename, { argv: process.argv.slice(2) });
  worker.on('message', sayWhatIsLeft);
  const endWorker = () => (forks().length ? worker.terminate() : setTimeout(endWorker, 1));
  if (mode) {
    endWorker();
    worker.on('exit', () => {
      say({ forks: forks().length });
      sayWhatIsLeft();
    });
  }
} else {
  class WorkerMarker {}
  global.workerMarkers = Array.from({ length: Number(count) }, () => new WorkerMarker());
  if (mode) setInterval(() => {}, 1000);
  require(addon).writeSnapshot(file, (error, filename) => {
    sayEnd(error, filename);
    parentPort.postMessage('done');
  });
}
