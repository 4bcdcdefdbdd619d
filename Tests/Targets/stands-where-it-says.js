'use strict';
// Calls functions of many kinds within one another, the innermost of which prints its stack as V8 itself tells it, and then waits
// for ever. With an argument it does all that so often before that V8 has compiled it, by that number of rounds.
const { endWithStarter, ready } = require('./support/target');

Error.stackTraceLimit = Infinity;
endWithStarter();
const rounds = Number(process.argv[2] ?? 0);
const memory = new Int32Array(new SharedArrayBuffer(4));

function wait(isLast) {
  if (!isLast) return 1;
  ready({ stack: new Error('here').stack });
  Atomics.wait(memory, 0, 0);
  return 0;
}

class Shop {
  #hidden(isLast) {
    return wait(isLast) + 1;
  }
  get price() {
    return this.#hidden(this.isLast);
  }
  sell(isLast) {
    this.isLast = isLast;
    return 2 * this.price;
  }
  static open(isLast) {
    return new Shop().sell(isLast);
  }
}

const spread = (...rest) => Shop.open(...rest);
const 数 = (isLast) =>
  // A name and a comment outside of Latin-1: 中文.
  spread(isLast);

function callsBack(isLast) {
  return [1, 2].map(function each(value) {
    return value + 数(isLast);
  });
}

function* generates(isLast) {
  yield callsBack(isLast);
}

function catches(isLast) {
  try {
    for (const value of generates(isLast)) return value;
  } finally {
    memory[0] = 0;
  }
  return 0;
}

const evaluated = eval('(function evaluated(isLast) {\n  return catches(isLast);\n})');

setTimeout(function start() {
  for (let round = 0; round < rounds; round++) evaluated(false);
  evaluated(true);
}, 1);
