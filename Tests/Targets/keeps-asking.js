'use strict';
// Clients of serves-clients.js with connections that they keep. Usage: keeps-asking.js PORT
// Says `ready {}`; when its standard input ends, it says how many requests were answered and what went wrong.
const http = require('http');
const { ready } = require('./support/target');

const clients = 6;
const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
const expected = 200;
let answered = 0;
let slowest = 0;
let isOver = false;
const errors = [];

const fail = (text) => errors.length < 20 && errors.push(text);

const ask = () => {
  if (isOver) return;
  const start = performance.now();
  const request = http.get({ host: '127.0.0.1', port: process.argv[2], path: '/rows', agent }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part) => (text += part));
    response.on('aborted', () => fail('aborted'));
    response.on('end', () => {
      slowest = Math.max(slowest, performance.now() - start);
      try {
        if (response.statusCode !== 200 || JSON.parse(text).length !== expected) fail(`answer ${text.slice(0, 40)}`);
      } catch (error) {
        fail(String(error));
      }
      answered++;
      setTimeout(ask, 10);
    });
  });
  request.on('error', (error) => {
    fail(String(error));
    setTimeout(ask, 10);
  });
};

for (let i = 0; i < clients; i++) ask();
process.stdin.resume().on('end', () => {
  isOver = true;
  process.stdout.write(`${JSON.stringify({ answered, errors, slowest })}\n`, () => process.exit());
});
ready({});
