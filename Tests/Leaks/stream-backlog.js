const tick = require('./support/tick');
const { Readable } = require('stream');
const upload = new Readable({ read() {} });

setInterval(() => {
  for (let i = 0; i < 10; i++) {
    upload.push(Buffer.from('x'.repeat(1000) + i));
  }
  tick();
}, 10);
