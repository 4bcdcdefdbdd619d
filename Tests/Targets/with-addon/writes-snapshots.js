'use strict';
// Asks for all the snapshots at once, and ends when it has been told of the last one.
// Usage: writes-snapshots.js ADDON MARKERS NAME…      (- for no name)
const { hold, say, sayEnd, sayWhatIsLeft } = require('./support');
const [addon, count, ...names] = process.argv.slice(2);
const { writeSnapshot } = require(addon);

hold(count);
let awaited = names.length;
let hasReturned = false;
const onEnd = (error, filename) => {
  sayEnd(error, filename);
  if (!hasReturned) say({ tooEarly: true });
  if (--awaited === 0) sayWhatIsLeft();
};
for (const name of names) {
  const returned = name === '-' ? writeSnapshot(onEnd) : writeSnapshot(name, onEnd);
  say({ returned });
}
hasReturned = true;
