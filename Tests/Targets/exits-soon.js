'use strict';
// A server that exits with status 0 when a line comes on stdin: an orderly end at a moment that the test picks.
require('./support/target').serve();
process.stdin.on('data', (data) => data.includes('\n') && process.exit(0));
