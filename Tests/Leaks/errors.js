const tick = require('./support/tick');
const failures = [];
function risky(i) {
  throw new Error(`cannot ${i}`);
}

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    try {
      risky(i);
    } catch (error) {
      failures.push(error);
    }
  }
  tick();
}, 10);
