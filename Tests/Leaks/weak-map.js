const tick = require('./support/tick');
const details = new WeakMap();
const keys = [];

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    const key = {};
    keys.push(key);
    details.set(key, { info: `i${i}`, more: [i] });
  }
  tick();
}, 10);
