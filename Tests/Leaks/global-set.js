const tick = require('./support/tick');
globalThis.seen = new Set();

setInterval(() => {
  for (let i = 0; i < 250; i++) {
    seen.add(`request-${seen.size}`);
  }
  tick();
}, 10);
