'use strict';
// A server that knows how long its event loop stood still at most, and which children ended.
// Usage: counts-event-loop-gaps.js [MB]       (40 when not given)
// `GET /gap` answers the longest gap in milliseconds since the last question; `GET /sigchld` how often SIGCHLD came;
// `GET /spawn` starts a child process; `GET /exits` how those ended.
const { spawn } = require('child_process');

const wanted = Number(process.argv[2] || 40) * 1024 * 1024;

class Record {
  constructor(id) {
    this.id = id;
    this.next = { of: this, position: [id] };
  }
}

global.records = [];
for (let id = 0; id % 1000 || process.memoryUsage().heapUsed < wanted; id++) records.push(new Record(id));

let last = performance.now();
let longest = 0;
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
}, 1);
const gap = () => {
  const answer = longest;
  longest = 0;
  return answer;
};

let signals = 0;
process.on('SIGCHLD', () => signals++);
const exits = [];
const start = () => {
  const child = spawn('/bin/sh', ['-c', 'exit 3']).on('exit', (code, signal) => exits.push(`${code}/${signal}`));
  return child.pid;
};

require('./support/target').serve(
  { '/gap': gap, '/sigchld': () => signals, '/spawn': start, '/exits': () => exits.join(' ') },
  { records: records.length });
