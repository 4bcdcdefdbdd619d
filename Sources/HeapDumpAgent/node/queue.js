'use strict';
// One dump of a thread at a time: each costs the memory of a copy.
const { AsyncResource } = require('async_hooks');

const waiting = [];
let running;
// Those that the process stays alive for.
let awaited = 0;
let keepAlive;

function hold(change) {
  awaited += change;
  // The timer does nothing but be there, for three weeks and then again.
  if (awaited && !keepAlive) keepAlive = setInterval(() => {}, 2 ** 31 - 1);
  if (!awaited && keepAlive) keepAlive = clearInterval(keepAlive);
}

// From a tick of its own: never before writeSnapshot returns, and an exception is the application's as any other.
function settle(job, error) {
  process.nextTick(() => {
    if (job.keepsAlive) hold(-1);
    if (error) job.callback?.(error);
    else job.callback?.(null, job.dump.filename);
  });
}

// Returns whether the first one that waits has begun.
function startNext() {
  running = waiting.shift();
  if (!running) return false;
  const job = running;
  try {
    job.dump.begin((error) => {
      settle(job, error);
      process.nextTick(startNext);
    });
    return true;
  } catch (error) {
    settle(job, error);
    startNext();
    return false;
  }
}

// Returns whether the dump was begun, or waits for its turn.
exports.add = (dump, callback, { keepsAlive = Boolean(callback) } = {}) => {
  waiting.push({ dump, callback: callback && AsyncResource.bind(callback), keepsAlive });
  if (keepsAlive) hold(1);
  return running ? true : startNext();
};

process.on('exit', () => running?.dump.leave());
