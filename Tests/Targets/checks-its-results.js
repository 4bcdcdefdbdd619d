'use strict';
// A server that makes every kind of call whose result it can check, all at once, and counts what is wrong.
//
// Usage: checks-its-results.js [KNOWN-OBJECTS] [NAME[,NAME…]]
//
// A NAME is a file of checks/ or one kind of check, such as `stats` or `fs.stat`; one that begins with `-` is left out. All
// kinds run if none is named.
const fs = require('fs');
const path = require('path');
const { expectAllFound, pending, report, setFilter, start } = require('./support/checks');
const { isResting, run } = require('./support/stress');

setFilter((process.argv[3] || '').split(',').filter(Boolean));
const directory = path.join(__dirname, 'checks');
// The module hooks come first, so that they see the other groups load; what watches the process comes last.
const order = ['module-hooks', 'async-hooks', 'promise-hooks'];
const groups = fs.readdirSync(directory).map((name) => path.basename(name, '.js'));
const rank = (name) => (name === 'process-state' ? groups.length : order.indexOf(name) + 1 || order.length + 1);
groups.sort((one, other) => rank(one) - rank(other));
const load = async () => {
  for (const name of groups) await start(name, () => require(path.join(directory, name)));
  expectAllFound();
  run({ facts: () => ({ pending: isResting() ? pending() : 0 }), routes: { '/check': () => JSON.stringify(report()) } });
};
load();
