'use strict';
// When timers fire, and in which order.
const { differs, fail, repeat, repeatAsync } = require('../support/checks');
const { setTimeout: sleep } = require('timers/promises');

// Node counts whole milliseconds, from the beginning of the event loop's turn.
const TOLERANCE_MILLISECONDS = 2;

const early = (start, delay) => {
  const waited = performance.now() - start;
  return waited < delay - TOLERANCE_MILLISECONDS ? `it fired after ${waited} ms of ${delay}` : undefined;
};
const anyDelay = () => 1 + Math.floor(Math.random() * 50);

repeat('setTimeout', 10, (over) => {
  const delay = anyDelay();
  const start = performance.now();
  setTimeout(() => over(early(start, delay)), delay);
});
repeatAsync('timers/promises', 3, async () => {
  const delay = anyDelay();
  const start = performance.now();
  return differs('value', await sleep(delay, start), start) || early(start, delay);
});
repeat('order of timers', 3, (over) => {
  const order = [];
  for (let number = 0; number < 5; number++) setTimeout(() => order.push(number), 7);
  setTimeout(() => over(differs('order', order.join(), '0,1,2,3,4')), 7);
});
repeat('clearTimeout', 3, (over) => {
  const cleared = setTimeout(() => fail('clearTimeout', 'a cleared timer fired'), 5);
  const immediate = setImmediate(() => fail('clearTimeout', 'a cleared immediate ran'));
  setTimeout(over, 10);
  clearTimeout(cleared);
  clearImmediate(immediate);
});
repeat('setInterval', 2, (over) => {
  const start = performance.now();
  let times = 0;
  const interval = setInterval(() => {
    if (++times < 3) return;
    clearInterval(interval);
    setImmediate(() => over(differs('times', times, 3) || early(start, 12)));
  }, 4);
});
repeat('timer.refresh, unref, hasRef', 2, (over) => {
  const start = performance.now();
  const timer = setTimeout(() => over(early(start, 10) || differs('hasRef', timer.hasRef(), false)), 10);
  timer.unref();
  timer.refresh();
});
repeat('setImmediate', 5, (over) => {
  const order = [];
  setImmediate(() => order.push(1));
  setImmediate(() => order.push(2));
  setImmediate(() => over(differs('order', order.join(), '1,2')));
});
