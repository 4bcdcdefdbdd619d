'use strict';
// A server with a heap of many small objects, which takes V8 several seconds to dump.
// Usage: big-heap-server.js [MB [PATH]]      (40 when not given)
// `GET /write-heap-snapshot` writes a snapshot to PATH without heapdump, and answers how many seconds that took.
// `GET /worst-gap` answers for how many milliseconds the event loop stood still since it was asked for the last time.
const v8 = require('v8');

const wanted = Number(process.argv[2] || 40) * 1024 * 1024;

class Record {
  constructor(id) {
    this.id = id;
    this.next = { of: this, position: [id] };
  }
}

global.records = [];
for (let id = 0; id % 1000 || process.memoryUsage().heapUsed < wanted; id++) records.push(new Record(id));

const writeHeapSnapshot = () => {
  const start = process.hrtime.bigint();
  v8.writeHeapSnapshot(process.argv[3]);
  return JSON.stringify({ seconds: Number(process.hrtime.bigint() - start) / 1e9 });
};

// The watch begins with the first question: its timer would show in what else is measured.
const worstGap = () => JSON.stringify({ milliseconds: require('./support/event-loop-watch').takeWorstGap() });

const routes = { '/write-heap-snapshot': writeHeapSnapshot, '/worst-gap': worstGap };
require('./support/target').serve(routes, { records: records.length });
