'use strict';
// A program without a socket, that waits in its event loop.
const { leaveWithStarter, ready } = require('./support/target');
setInterval(() => {}, 1000);
leaveWithStarter();
ready();
