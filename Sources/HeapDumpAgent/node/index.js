'use strict';
// What applications load. `import { writeSnapshot }` finds the export by this file's text: it has to be assigned plainly.
const { isMainThread } = require('worker_threads');

const { Dump } = require('./dump');
const { signalIsOn } = require('./options');
const queue = require('./queue');
const { onDumpSignal } = require('./signal');

function expectType(isRight, name, type, value) {
  if (isRight) return;
  const error = new TypeError(`writeSnapshot: ${name} must be a ${type}, and is ${value === null ? 'null' : typeof value}`);
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

exports.writeSnapshot = function writeSnapshot(filename, callback) {
  if (typeof filename === 'function') [filename, callback] = [undefined, filename];
  expectType(filename == null || typeof filename === 'string', 'filename', 'string', filename);
  expectType(callback == null || typeof callback === 'function', 'callback', 'function', callback);
  if (filename?.includes('\0')) {
    throw Object.assign(new TypeError('writeSnapshot: filename holds a NUL byte'), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  return queue.add(new Dump(filename), callback ?? undefined);
};

// Signals reach no worker threads.
if (isMainThread && signalIsOn(process.env.NODE_HEAPDUMP_OPTIONS)) {
  onDumpSignal(() => {
    const report = (error) => error && console.error('node-heapdump: no snapshot on SIGUSR2:', error);
    queue.add(new Dump(), report, { keepsAlive: false });
  });
}
