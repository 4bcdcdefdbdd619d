const tick = require('./support/tick');
const table = { rows: [] };

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    table.rows.push([i, `cell${i}`, [i]]);
  }
  tick();
}, 10);
