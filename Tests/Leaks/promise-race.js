// Each race leaves a reaction at the promise that is never settled.
const tick = require('./support/tick');
const stopped = new Promise(() => {});

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    Promise.race([stopped, Promise.resolve({ job: i })]);
  }
  tick();
}, 10);
