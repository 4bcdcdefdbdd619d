'use strict';
// A server that turns into `sleep` (exec: same pid) once it is asked to dump.
// Usage: becomes-another-program.js on-signal|on-inspector
const become = () => process.execve('/bin/sleep', ['sleep', '600'], process.env);

if (process.argv[2] === 'on-signal') process.on('SIGUSR2', become);
else setInterval(() => require('inspector').url() && become(), 1);
require('./support/target').serve();
