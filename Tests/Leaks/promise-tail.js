// Each step waits for the one before, and the first of them is never settled.
const tick = require('./support/tick');
let connected;
let tail = new Promise((resolve) => {
  connected = resolve;
});

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    const job = { number: i };
    tail = tail.then(() => job);
  }
  tick();
}, 10);

process.on('SIGUSR2', () => connected());
