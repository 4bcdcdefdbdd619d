const tick = require('./support/tick');
const log = Symbol('log');
class Service {
  constructor() {
    this[log] = [];
  }

  handle(request) {
    this[log].push(request);
  }
}

const service = new Service();

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    service.handle({ url: `/u${i}`, headers: { accept: i } });
  }
  tick();
}, 10);
