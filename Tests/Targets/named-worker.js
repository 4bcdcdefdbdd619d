'use strict';
// A server with a worker thread. Usage: named-worker.js [NAME]
const { Worker, isMainThread } = require('worker_threads');
if (isMainThread) {
  const worker = new Worker(__filename, { name: process.argv[2] || 'WorkerThread' });
  worker.once('online', () => require('./idle-server.js'));
} else {
  setInterval(() => {}, 1e6);
}
