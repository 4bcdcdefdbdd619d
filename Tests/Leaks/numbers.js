const tick = require('./support/tick');
const samples = [];

setInterval(() => {
  for (let i = 0; i < 2500; i++) {
    samples.push(Math.random());
  }
  tick();
}, 10);
