const tick = require('./support/tick');
const { signal } = new AbortController();
require('events').setMaxListeners(0, signal);
function request(i) {
  const state = { i, rows: [i, i] };
  signal.addEventListener('abort', () => state);
}

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    request(i);
  }
  tick();
}, 10);
