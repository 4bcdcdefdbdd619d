'use strict';
// Sees for how long the event loop stood still, from the moment on that this is loaded.
let last = performance.now();
let worst = 0;
const look = () => {
  const now = performance.now();
  worst = Math.max(worst, now - last);
  last = now;
};
setInterval(look, 1);

// Milliseconds, since it was asked for the last time.
exports.takeWorstGap = () => {
  look();
  const result = worst;
  worst = 0;
  return result;
};
