'use strict';
// Has the agent fork a child whose snapshot never comes to an end, under a watchdog of one second, and prints what came of it.
// Usage: writes-for-ever.js ADDON
const fs = require('fs');
const path = require('path');

const agent = require(path.join(process.argv[2], 'heapdump.node'));
const file = fs.openSync('never.heapsnapshot', 'wx', 0o600);
// A fork's callback keeps no event loop alive.
const keepsAlive = setInterval(() => {}, 1000);
const start = process.hrtime.bigint();

const writeForEver = () => {
  for (;;);
};
agent.fork({ file, attempts: 4, waits: true, watchdogSeconds: 1 }, writeForEver, (outcome) => {
  clearInterval(keepsAlive);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(JSON.stringify({ signal: outcome.signal, attempts: outcome.attempts, seconds }));
});
