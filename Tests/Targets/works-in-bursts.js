'use strict';
// A server that does nothing but await for so many milliseconds, and then sleeps for so many; with 0 it never sleeps. `GET
// /interrupted` says how often Node has told of an inspector in the middle of a function of it.
//
// Usage: works-in-bursts.js WORK-MILLISECONDS SLEEP-MILLISECONDS
const fs = require('fs');
const { AsyncLocalStorage } = require('async_hooks');
const { serve } = require('./support/target');

const [work, sleep] = process.argv.slice(2).map(Number);
const nothing = fs.openSync('/dev/null', 'w');
const storage = new AsyncLocalStorage();
const descend = async (depth) => (depth > 0 ? descend(depth - 1) : Promise.resolve(depth));

let isInFunction = false;
let opened = 0;
let interrupted = 0;
const { emit } = process;
process.emit = function (name, ...rest) {
  if (name === 'internalMessage') {
    opened++;
    if (isInFunction) interrupted++;
  }
  return Reflect.apply(emit, this, [name, ...rest]);
};

const turn = async () => {
  isInFunction = true;
  const end = performance.now() + work;
  while (performance.now() < end) await descend(5);
  fs.writeSync(nothing, 'turn');
  isInFunction = false;
  if (sleep) setTimeout(turn, sleep);
  else setImmediate(turn);
};
serve({ '/interrupted': () => `${interrupted} of ${opened}` }, {}, () => storage.run({}, turn));
