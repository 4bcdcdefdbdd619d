const tick = require('./support/tick');
function watch(order) {
  setInterval(() => order.check, 1e7);
}

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    watch({ check: i, lines: [i, i + 1] });
  }
  tick();
}, 10);
