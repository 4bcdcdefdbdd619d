const tick = require('./support/tick');
const packets = [];

setInterval(() => {
  for (let i = 0; i < 10; i++) {
    packets.push(Buffer.alloc(20000, i));
  }
  tick();
}, 10);
