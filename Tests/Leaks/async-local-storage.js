const tick = require('./support/tick');
const { AsyncLocalStorage } = require('async_hooks');
const storage = new AsyncLocalStorage();
const kept = [];

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    storage.run({ user: `u${i}`, rows: new Array(20).fill(i) }, () => kept.push(new Promise(() => {})));
  }
  tick();
}, 10);
