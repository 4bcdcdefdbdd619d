'use strict';
// Usage: works-until-told.js COUNT SITUATION FIFO
// Keeps COUNT objects of KnownObject, and is at one kind of work that keeps it from its event loop, or at none, until something is
// written to FIFO. Every result of its work is checked; the last line says how many were wrong.
const childProcess = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const { Worker } = require('worker_threads');
const target = require('./support/target');

class KnownObject {
  constructor(number) {
    this.number = number;
  }
}
const [count, situation, fifo] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
global.known = Array.from({ length: count }, (_, number) => new KnownObject(number));

let rounds = 0;
let wrong = 0;
const check = (isRight) => {
  rounds++;
  if (!isRight) wrong++;
};
const done = () => fs.writeSync(1, `done ${JSON.stringify({ rounds, wrong, intact: known.every((each, i) => each.number === i) })}\n`);
// A thread of its own reads the fifo where this one is busy.
const told = new Int32Array(new SharedArrayBuffer(8));
const listen = () =>
  new Worker(
    `const { workerData } = require('worker_threads');
     require('fs').readFileSync(workerData.fifo);
     Atomics.store(workerData.told, 0, 1);
     Atomics.notify(workerData.told, 0);`,
    { eval: true, workerData: { fifo, told } }
  ).unref();
const isTold = () => Atomics.load(told, 0) === 1;
const untilTold = (round) => {
  listen();
  while (!isTold()) round();
  done();
};
const sum = () => {
  let result = 0;
  for (let i = 0; i < 3e7; i++) result = (result * 31 + i * 0.5) % 1000003;
  return result;
};
const allocate = () => {
  let result = 0;
  for (let i = 0; i < 3e5; i++) result += [{ value: i, text: `n${i % 10}` }][0].text.length;
  return result;
};
const hash = () => crypto.pbkdf2Sync('password', 'salt', 300000, 64, 'sha512').toString('hex');

const situations = {
  idle() {
    fs.readFile(fifo, 'utf8', (error, text) => {
      check(text === 'go');
      done();
    });
  },
  serving() {
    const server = http.createServer((request, response) => response.end(request.url)).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      let isOver = false;
      const ask = (number) => {
        const request = http.get({ port, path: `/${number}` }, (response) => {
          let text = '';
          response.on('data', (data) => (text += data)).on('end', () => {
            check(text === `/${number}`);
            isOver ? server.close() : ask(number + 1);
          });
        });
        request.on('error', () => check(false));
      };
      for (let i = 0; i < 4; i++) ask(i * 1e6);
      fs.readFile(fifo, () => {
        isOver = true;
        server.on('close', done);
      });
    });
  },
  read() {
    const buffer = Buffer.alloc(10);
    check(fs.readSync(fs.openSync(fifo), buffer) === 2 && buffer.toString('latin1', 0, 2) === 'go');
    done();
  },
  'child process'() {
    check(childProcess.execFileSync('cat', [fifo], { encoding: 'utf8' }) === 'go');
    done();
  },
  'atomics, notified'() {
    listen();
    check(Atomics.wait(told, 0, 0) !== 'timed-out');
    done();
  },
  'atomics, timed'() {
    untilTold(() => {
      const start = process.hrtime.bigint();
      const answer = Atomics.wait(told, 1, 0, 400);
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      check(answer === 'timed-out' && milliseconds >= 399);
    });
  },
  spinning() {
    const right = sum();
    untilTold(() => check(sum() === right));
  },
  allocating() {
    const right = allocate();
    untilTold(() => check(allocate() === right));
  },
  'regular expression'() {
    untilTold(() => check(!/^(a+)+$/.test(`${'a'.repeat(24)}b`)));
  },
  hashing() {
    const right = hash();
    untilTold(() => check(hash() === right));
  },
};

target.leaveWithStarter();
target.endWithStarter();
setTimeout(() => {
  target.ready({});
  // Not in this callback: what follows `ready` begins with the next turn of the loop, as in any program.
  setImmediate(situations[situation]);
}, 50);
