'use strict';
// Sends a signal to the first KILLS of the processes that are forked for its dump, and says how many there were.
// Usage: kills-forks.js ADDON MARKERS FILE KILLS SIGNAL
const { forks, hold, say, sayEnd, sayWhatIsLeft } = require('./support');
const [addon, count, file, kills, signal] = process.argv.slice(2);

hold(count);
const forked = new Set();
const timer = setInterval(() => {
  for (const pid of forks()) {
    if (forked.size < kills && !forked.has(pid)) process.kill(pid, signal);
    forked.add(pid);
  }
}, 1);
require(addon).writeSnapshot(file, (error, filename) => {
  clearInterval(timer);
  sayEnd(error, filename);
  say({ forks: forked.size });
  sayWhatIsLeft();
});
