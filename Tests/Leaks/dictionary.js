const tick = require('./support/tick');
const cache = {};
let keys = 0;

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    keys++;
    cache[`key${keys}`] = { value: keys, text: `t${keys}` };
  }
  tick();
}, 10);
