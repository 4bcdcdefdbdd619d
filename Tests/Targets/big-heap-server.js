'use strict';
// A server with a heap of many small objects, which takes V8 several seconds to dump.
// Usage: big-heap-server.js [MB [PATH]]      (40 when not given)
// `GET /write-heap-snapshot` writes a snapshot to PATH without heapdump, and answers how many seconds that took.
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

require('./support/target').serve({ '/write-heap-snapshot': writeHeapSnapshot }, { records: records.length });
