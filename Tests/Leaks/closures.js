const tick = require('./support/tick');
const handlers = [];
function register(rows) {
  handlers.push(() => rows.length);
}

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    register(new Array(30).fill(i));
  }
  tick();
}, 10);
