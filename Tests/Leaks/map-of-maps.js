const tick = require('./support/tick');
const byUser = new Map();
let views = 0;

setInterval(() => {
  for (let i = 0; i < 100; i++) {
    views++;
    const user = `u${views % 50}`;
    if (!byUser.has(user)) byUser.set(user, new Map());
    byUser.get(user).set(`k${views}`, { views });
  }
  tick();
}, 10);
