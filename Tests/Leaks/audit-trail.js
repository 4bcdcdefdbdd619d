const tick = require('./support/tick');
const auditTrail = [];

setInterval(() => {
  for (let i = 0; i < 200; i++) {
    auditTrail.push({ action: 'view', by: `user${Math.random()}` });
  }
  tick();
}, 10);
