'use strict';
// A server that holds 99 sessions, and runs the script of the first argument once it serves: one that spoils something.
const fs = require('fs');
const vm = require('vm');
const { serve } = require('./support/target');

class LeakedSession {}
globalThis.sessions = Array.from({ length: 99 }, () => new LeakedSession());
const spoil = vm.runInThisContext(`(require) => { ${fs.readFileSync(process.argv[2], 'utf8')} }`);
serve({}, {}, () => spoil(require));
