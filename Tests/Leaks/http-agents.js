const tick = require('./support/tick');
const http = require('http');
const agents = [];

setInterval(() => {
  for (let i = 0; i < 10; i++) {
    agents.push(new http.Agent({ keepAlive: true }));
  }
  tick();
}, 10);
