'use strict';
// The order of promises, ticks and immediates; and that none of them runs in the middle of a function.
const { differs, burst, repeat, repeatAsync } = require('../support/checks');

repeat('order of jobs', 10, (over) => {
  const order = [];
  const note = (text) => () => order.push(text);
  setImmediate(note('immediate'));
  Promise.resolve().then(note('microtask')).then(note('next microtask'));
  process.nextTick(note('tick'));
  queueMicrotask(note('queued'));
  order.push('function');
  setImmediate(() => {
    const expected = 'function, tick, microtask, queued, next microtask, immediate';
    over(differs('order', order.join(', '), expected));
  });
});
repeatAsync('promises', 10, async () => {
  const values = await Promise.all([1, Promise.resolve(2), new Promise((resolve) => setImmediate(resolve, 3))]);
  const first = await Promise.race([new Promise(() => {}), Promise.resolve('first')]);
  const settled = await Promise.allSettled([Promise.reject(new Error('expected')), 4]);
  const statuses = settled.map((one) => one.status);
  return differs('values', `${values} ${first} ${statuses}`, '1,2,3 first rejected,fulfilled');
});
repeatAsync('async generators', 3, async () => {
  const numbers = async function* () {
    for (let number = 0; number < 10; number++) yield number;
  };
  let sum = 0;
  for await (const number of numbers()) sum += number;
  return differs('sum', sum, 45);
});

// Long and without a call, but for those that optimised code leaves out: the interrupt comes at the end of a round.
burst('a long loop', () => {
  let isMicrotaskDone = false;
  let sum = 0;
  Promise.resolve().then(() => (isMicrotaskDone = true));
  for (let number = 0; number < 1_000_000; number++) {
    sum = (sum + number) | 0;
    if (isMicrotaskDone) return `a microtask ran in round ${number}`;
  }
  return differs('sum', sum, 1783293664);
});
