'use strict';
// State of the language itself that any other code could change.
const { burst, differs } = require('../support/checks');

burst('RegExp.$1', () => {
  for (let number = 0; number < 50; number++) {
    /(\d+)-(\w+)/.exec(`see ${number}-own here`);
    let sum = 0;
    for (let round = 0; round < 2_000; round++) sum += round;
    const got = [RegExp.$1, RegExp.$2, RegExp.lastMatch, RegExp.input, sum];
    const problem = differs('RegExp', got.join(), `${number},own,${number}-own,see ${number}-own here,1999000`);
    if (problem) return problem;
  }
  return undefined;
});

const depth = (number) => (number === 0 ? 0 : 1 + depth(number - 1));
const sticky = /a/y;
burst('lastIndex', () => {
  sticky.lastIndex = 3;
  return differs('matched', sticky.test('xxxax'), true) || differs('lastIndex', sticky.lastIndex, 4);
});
burst('deep recursion', () => differs('depth', depth(5_000), 5_000));

// To the very end of the stack, where an interrupt has no room left.
const untilFull = (number) => {
  try {
    return untilFull(number + 1);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return number;
  }
};
burst('full stack', () => {
  const limit = Error.stackTraceLimit;
  const reached = untilFull(0);
  return differs(`depth ${reached}`, reached > 1_000, true) || differs('stackTraceLimit', Error.stackTraceLimit, limit);
});

burst('exceptions', () => {
  const own = new Error('own');
  try {
    throw own;
  } catch (error) {
    return error === own ? undefined : `caught ${error}`;
  }
});
burst('BigInt, Map, Intl', () => {
  const map = new Map([[1n << 70n, 'big']]);
  return differs('map', map.get(2n ** 70n), 'big') || differs('Intl', (1234.5).toLocaleString('en'), '1,234.5');
});
