const tick = require('./support/tick');
class Audit {
  constructor() {
    this.entries = [];
  }
}

const audit = new Audit();

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    audit.entries.push(new Date());
  }
  tick();
}, 10);
