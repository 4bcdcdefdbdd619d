'use strict';
// A class of any name. V8 calls an object by the name that its class had when it was compiled, whatever `name` says later.
const vm = require('vm');

const named = (name, source) => {
  // As a key that needs no evaluation; __proto__ would be no key at all.
  const key = name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
  return Object.values(vm.runInThisContext(`({ ${key}: ${source} })`))[0];
};
const namedClass = (name) => named(name, 'class { content = []; }');
const namedFunction = (name) => named(name, 'function () { this.content = []; }');

module.exports = { namedClass, namedFunction };
