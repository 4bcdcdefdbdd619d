'use strict';
// A server that says what of its own, or of Node's library, was called without its doing.
const { createHook } = require('async_hooks');
const fs = require('fs');
const Module = require('module');
const { serve } = require('./support/target');

const seen = [];
let isOwn = true;
const note = (what) => isOwn || seen.push(what);
const known = process.moduleLoadList.length;

const wrap = (object, name, what) => {
  const original = object[name];
  object[name] = function (...values) {
    note(what);
    return Reflect.apply(original, this, values);
  };
};
createHook({ init: (_, type) => note(`async hook for ${type}`) }).enable();
Error.prepareStackTrace = (error) => {
  note('Error.prepareStackTrace');
  return `${error}`;
};
wrap(Module, '_load', 'Module._load');
wrap(Module, '_nodeModulePaths', 'Module._nodeModulePaths');
wrap(JSON, 'stringify', 'JSON.stringify');
wrap(Object, 'assign', 'Object.assign');
wrap(process, 'emitWarning', 'process.emitWarning');
if (process.getBuiltinModule) wrap(process, 'getBuiltinModule', 'process.getBuiltinModule');

// On SIGUSR2 it says what was seen since the last time. What it does itself, 300 ms from there, does not count.
const loaded = () => process.moduleLoadList.slice(known).join(', ');
process.on('SIGUSR2', () => {
  isOwn = true;
  fs.writeSync(1, `seen {${seen.join(', ')}} loaded {${loaded()}}\n`);
  seen.length = 0;
  setTimeout(() => {
    isOwn = false;
    fs.writeSync(1, 'looking\n');
  }, 300);
});
serve();
