'use strict';
// A server with a heap of many small objects, which takes V8 several seconds to dump.
// Usage: big-heap-server.js [MB]      (40 when not given)
const wanted = Number(process.argv[2] || 40) * 1024 * 1024;

class Record {
  constructor(id) {
    this.id = id;
    this.next = { of: this, position: [id] };
  }
}

global.records = [];
for (let id = 0; id % 1000 || process.memoryUsage().heapUsed < wanted; id++) records.push(new Record(id));
require('./support/target').serve({}, { records: records.length });
