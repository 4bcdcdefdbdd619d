'use strict';
// A server that uses SIGUSR1 for itself: the signal opens no inspector here. `GET /signals` tells how many came.
let signals = 0;
process.on('SIGUSR1', () => signals++);
require('./support/target').serve({ '/signals': () => signals });
