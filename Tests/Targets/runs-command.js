'use strict';
// Runs the command that its arguments name, as a wrapper does, and ends as that ends.
// Usage: runs-command.js PROGRAM [ARGUMENT...]
const [program, ...rest] = process.argv.slice(2);
const child = require('child_process').spawn(program, rest, { stdio: 'inherit' });
child.on('exit', (code) => process.exit(code === null ? 1 : code));
