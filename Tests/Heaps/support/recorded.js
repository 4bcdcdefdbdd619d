'use strict';
// Snapshots of a process that has its allocations recorded: they have trace_function_infos, a trace_tree, samples.
const { Session } = require('inspector');
const { snapshot } = require('./snapshot');

const recorded = (make, { trackAllocations }) => {
  const session = new Session();
  session.connect();
  const post = (method, parameters) => session.post(method, parameters, (error) => { if (error) throw error; });
  post('HeapProfiler.enable');
  post('HeapProfiler.startTrackingHeapObjects', { trackAllocations });
  // Samples come by a timer. The file is V8's alone to write: JavaScript that takes the inspector's chunks would be
  // recorded too, and DevTools loads no file with more functions than its header says.
  setTimeout(() => {
    const held = make();
    setTimeout(() => snapshot(held), 200);
  }, 100);
};

module.exports = { recorded };
