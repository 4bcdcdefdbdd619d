'use strict';
// A server that starts processes all the time, and sees how each of them ends.
const { exec, spawn } = require('child_process');
const { repeat, run } = require('./support/stress');

let started = 0;
let ended = 0;
// What was wrong, in words.
const wrong = [];

const judge = (number, isRight, what) => {
  ended++;
  if (!isRight) wrong.push(`child ${number}: ${what}`);
};

const startOne = () => {
  if (started - ended > 4) return;
  const number = started++;
  const status = number % 5;
  if (number % 2) {
    exec(`echo ${number}; exit ${status}`, (error, output) =>
      judge(number, output === `${number}\n` && (error ? error.code : 0) === status, `${error} ${output}`));
  } else {
    spawn('sh', ['-c', `exit ${status}`]).on('exit', (code, signal) =>
      judge(number, code === status && !signal, `${code} ${signal}`));
  }
};

repeat(startOne, 15);
run({ facts: () => ({ started, pending: started - ended, wrong, childrenEnded: ended }) });
