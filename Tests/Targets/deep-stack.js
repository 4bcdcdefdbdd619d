'use strict';
// Computes for some seconds near the end of its stack, while a microtask waits, and says what went wrong then.
const fs = require('fs');
const { leaveWithStarter, ready } = require('./support/target');

const wrong = [];
let microtaskRan = false;
let depth = 0;
const isOdd = (number) => number & 1;
const compute = (end) => {
  let sum = 0;
  while (Date.now() < end && !microtaskRan) for (let i = 0; i < 1000; i++) sum += isOdd(i);
  if (microtaskRan) wrong.push('a microtask ran in the middle of a function');
  return sum;
};
const descend = (levels, end) => {
  depth++;
  return levels === 0 ? compute(end) : descend(levels - 1, end) + 1;
};
try {
  descend(Infinity, 0);
} catch {
  // The end of the stack.
}
const limit = depth;

ready();
for (let turn = 0; turn < 32 && wrong.length === 0; turn++) {
  Promise.resolve().then(() => (microtaskRan = true));
  try {
    descend(Math.floor(limit * 0.95), Date.now() + 250);
  } catch (error) {
    wrong.push(error.message);
  }
}
fs.writeSync(1, `wrong ${JSON.stringify(wrong)}\n`);
leaveWithStarter();
