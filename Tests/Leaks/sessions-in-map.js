const tick = require('./support/tick');
class Session {
  constructor(id) {
    this.id = id;
    this.data = { seen: Date.now(), tags: ['a', 'b'] };
  }
}

const sessions = new Map();

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    sessions.set(`s${sessions.size}`, new Session(sessions.size));
  }
  tick();
}, 10);
