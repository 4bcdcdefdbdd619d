'use strict';
// A server that counts the SIGUSR2 it gets and does nothing else about them.
let signals = 0;
process.on('SIGUSR2', () => signals++);
require('./support/target').serve({ '/signals': () => signals });
