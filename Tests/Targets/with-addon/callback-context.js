'use strict';
// What a callback finds: the asynchronous context of its call, and that its exceptions are the application's.
// Usage: callback-context.js ADDON FILE
const { AsyncLocalStorage } = require('async_hooks');
const { say } = require('./support');
const [addon, file] = process.argv.slice(2);
const { writeSnapshot } = require(addon);
const storage = new AsyncLocalStorage();

process.on('uncaughtException', (error) => say({ uncaught: error.message }));
for (const [context, name] of [['first', file], ['second', '/does/not/exist']]) {
  storage.run(context, () =>
    writeSnapshot(name, () => {
      say({ context: storage.getStore() });
      throw new Error(`of ${context}`);
    }));
}
