'use strict';
// Its user may have no more processes: fork(2) fails. (root would not be stopped.)
// Usage: may-not-fork.js ADDON FILE
const { execFileSync } = require('child_process');
const { say, sayEnd, sayWhatIsLeft } = require('./support');
const [addon, file] = process.argv.slice(2);
const { writeSnapshot } = require(addon);

execFileSync('prlimit', [`--pid=${process.pid}`, '--nproc=1:1']);
const returned = writeSnapshot(file, (error, filename) => {
  sayEnd(error, filename);
  sayWhatIsLeft();
});
say({ returned });
