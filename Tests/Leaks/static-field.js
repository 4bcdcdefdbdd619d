const tick = require('./support/tick');
class Registry {
  static all = [];

  constructor(entry) {
    this.entry = entry;
    Registry.all.push(this);
  }
}

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    new Registry({ value: i });
  }
  tick();
}, 10);
