const tick = require('./support/tick');
const filters = [];

setInterval(() => {
  for (let i = 0; i < 50; i++) {
    const filter = new RegExp(`user${filters.length}[a-z]+`);
    filter.test('user1abc');
    filters.push(filter);
  }
  tick();
}, 10);
