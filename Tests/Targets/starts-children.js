'use strict';
// A server that starts processes all the time, and sees how each of them ends.
const { exec, spawn } = require('child_process');
const { repeat, run } = require('./support/stress');

let started = 0;
let ended = 0;
let wrong = 0;

const judge = (isRight) => {
  ended++;
  if (!isRight) wrong++;
};

const startOne = () => {
  if (started - ended > 4) return;
  const number = started++;
  const status = number % 5;
  if (number % 2) {
    exec(`echo ${number}; exit ${status}`, (error, output) =>
      judge(output === `${number}\n` && (error ? error.code : 0) === status));
  } else {
    spawn('sh', ['-c', `exit ${status}`]).on('exit', (code, signal) => judge(code === status && !signal));
  }
};

repeat(startOne, 15);
run({ facts: () => ({ started, pending: started - ended, wrong, childrenEnded: ended }) });
