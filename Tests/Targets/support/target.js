'use strict';
// What every target does: say one `ready {json}` line, and end when the test that started it is gone.
const fs = require('fs');
const http = require('http');
// The global one is a program's to replace. Not by require, which reads all its properties and so opens process.stdin.
const { process } = globalThis;

const starter = process.ppid;

exports.starterIsGone = () => process.ppid !== starter;

// A test that is killed ends nothing itself. Its end of our stdin closes, unless another child of its holds a copy:
// hence the look at the parent as well. An stdin that is no pipe is a person's, and says nothing.
exports.leaveWithStarter = () => {
  setInterval(() => exports.starterIsGone() && process.exit(), 500).unref();
  if (fs.fstatSync(0).isFIFO()) process.stdin.on('end', () => process.exit()).resume();
};

// The same for a program that never returns to its event loop: a thread of its own looks.
exports.endWithStarter = () => {
  const { Worker } = require('worker_threads');
  const code = `const starter = process.ppid;
    setInterval(() => process.ppid !== starter && process.kill(process.pid, 'SIGKILL'), 500);`;
  new Worker(code, { eval: true }).unref();
};

exports.ready = (facts) => fs.writeSync(1, `ready ${JSON.stringify({ pid: process.pid, ...facts })}\n`);

// `GET /` counts; `routes` adds a path: a function that returns what to answer. `then` follows `ready`.
exports.serve = (routes = {}, facts = {}, then = () => {}) => {
  let counter = 0;
  const answers = { '/': () => `ok ${++counter}`, ...routes };
  const server = http.createServer((request, response) => {
    const answer = answers[request.url];
    response.writeHead(answer ? 200 : 404).end(answer ? `${answer()}\n` : 'not found\n');
  });
  server.listen(0, '127.0.0.1', () => {
    exports.ready({ port: server.address().port, ...facts });
    then();
  });
  exports.leaveWithStarter();
};
