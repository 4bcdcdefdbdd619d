'use strict';
// The primary of a cluster with two workers. `busy` has the second one sit in native code, where no inspector opens, until
// the file named by the second argument is there; `handler` gives it a handler of its own for SIGUSR1.
const cluster = require('cluster');
const fs = require('fs');
const { leaveWithStarter, serve } = require('./support/target');

const [, , kind, file] = process.argv;
if (cluster.isPrimary) {
  const pids = [];
  let ready = 0;
  for (const role of ['plain', kind]) {
    const worker = cluster.fork({ ROLE: role });
    pids.push(worker.process.pid);
    worker.on('message', () => ++ready === 2 && serve({}, { workers: pids }));
  }
} else {
  leaveWithStarter();
  let signals = 0;
  if (process.env.ROLE === 'handler') process.on('SIGUSR1', () => signals++);
  process.send('ready');
  if (process.env.ROLE === 'busy') {
    setTimeout(() => {
      // Native code, without a turn of the event loop.
      while (!fs.existsSync(file)) require('crypto').pbkdf2Sync('a', 'b', 400000, 64, 'sha512');
    }, 200);
  }
}
