const tick = require('./support/tick');
const counter = require('./support/counter');

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    counter.hit(`/page/${Math.random()}`);
  }
  tick();
}, 10);
