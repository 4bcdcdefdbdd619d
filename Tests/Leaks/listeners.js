const tick = require('./support/tick');
const { EventEmitter } = require('events');
const bus = new EventEmitter();
bus.setMaxListeners(0);

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    const request = { id: i, body: 'x'.repeat(50) + i };
    bus.on('price', () => request.id);
  }
  tick();
}, 10);
