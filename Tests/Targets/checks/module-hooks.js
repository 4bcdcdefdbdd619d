'use strict';
// Hooks that a program, or an agent for tracing in it, puts around Node's own functions: they see the program's calls alone.
const fs = require('fs');
const Module = require('module');
const path = require('path');
const { burst, count, differs, fail, watch } = require('../support/checks');

const root = path.dirname(__dirname);
// heapdump's agent is an add-on, and nothing else loads one.
const AGENT = /\/snapshot-agent-[^/]+\//;
const PIPE = /^\/proc\/\d+\/fd\/\d+$/;

// Whether the function that was called last is the program's or Node's: a foreign script has no file, or another one.
const caller = () => {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 12;
  Error.prepareStackTrace = (_, frames) => frames.map((frame) => frame.getFileName());
  const files = new Error().stack.slice(2);
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  // Text, not frames: an interrupt came while V8 was making a stack trace of the program's.
  if (typeof files === 'string') return undefined;
  return files.find((file) => !(file || '').startsWith('node:'));
};
const wrap = (kind, owner, name) => {
  const original = owner[name];
  owner[name] = function (...rest) {
    count(kind);
    const file = caller();
    // What docs/undisturbed.md says that a dump calls.
    const isKnown = (name === 'dlopen' && AGENT.test(rest[1])) || (name === 'readlinkSync' && PIPE.test(rest[0]));
    const isOwn = isKnown || (typeof file === 'string' && file.startsWith(root));
    const what = typeof rest[0] === 'string' ? rest[0].slice(0, 60) : '…';
    if (!isOwn) fail(kind, `${name}(${what}) was called by ${file || 'a script without a name'}`);
    return Reflect.apply(original, this, rest);
  };
};

if (watch('hooks of modules')) {
  wrap('hooks of modules', Module, '_load');
  wrap('hooks of modules', Module, '_resolveFilename');
  wrap('hooks of modules', process, 'dlopen');
  wrap('hooks of modules', process, 'binding');
  let number = 0;
  burst('require', () => {
    const name = ['fs', 'path', 'v8', './errors', 'os'][number++ % 5];
    return differs(name, typeof require(name), 'object');
  });
}
if (watch('hooks of fs')) {
  const names = `openSync readSync writeSync closeSync statSync fstatSync lstatSync readFileSync writeFileSync mkdtempSync
    unlinkSync rmdirSync readlinkSync existsSync`;
  for (const name of names.split(/\s+/)) wrap('hooks of fs', fs, name);
}
