'use strict';
// Snapshots by the inspector, which records allocations before: such files have trace_function_infos, a trace_tree, samples.
const fs = require('fs');
const { Session } = require('inspector');
const { snapshot } = require('./snapshot');

const recorded = (make, { trackAllocations }) => {
  const session = new Session();
  session.connect();
  const post = (method, parameters) => session.post(method, parameters, (error) => { if (error) throw error; });
  let file;
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => fs.writeSync(file, params.chunk));
  post('HeapProfiler.enable');
  post('HeapProfiler.startTrackingHeapObjects', { trackAllocations });
  const write = (path) => {
    file = fs.openSync(path, 'w');
    // At once, or in a task of its own, by the version.
    return new Promise((resolve, reject) => {
      session.post('HeapProfiler.takeHeapSnapshot', {}, (error) => {
        fs.closeSync(file);
        if (error) reject(error);
        else resolve();
      });
    });
  };
  // Samples come by a timer.
  setTimeout(() => {
    const held = make();
    setTimeout(() => snapshot(held, { write }), 200);
  }, 100);
};

module.exports = { recorded };
