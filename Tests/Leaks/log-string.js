const tick = require('./support/tick');
let log = '';

setInterval(() => {
  for (let i = 0; i < 500; i++) {
    log += `line ${Math.random()}\n`;
  }
  tick();
}, 10);
