'use strict';
// What the programs of `make stress` have in common: objects to be counted in a dump, a watch on the event loop, and rest.
const { takeWorstGap } = require('./event-loop-watch');
const { serve } = require('./target');

class KnownObject {
  constructor(number) {
    this.number = number;
    this.name = `known ${number}`;
    this.pair = [number, { of: this }];
  }
}

// Usage: PROGRAM [KNOWN-OBJECTS]
const count = Number(process.argv[2] || 3000);
const known = Array.from({ length: count }, (_, number) => new KnownObject(number));
global.known = known;
exports.known = known;

// Whoever forks this process must not be noticed by it.
let childSignals = 0;
process.on('SIGCHLD', () => childSignals++);

let resting = false;
exports.isResting = () => resting;

const collect = (times) => {
  global.gc();
  if (times > 1) setImmediate(collect, times - 1);
};

// Calls `step` again and again, `every` milliseconds or as often as the event loop comes by. Then it sleeps for 10 of each 200 ms:
// a Node 18 whose event loop never waits is refused.
exports.repeat = (step, every = 0) => {
  let slept = performance.now();
  const again = () => {
    if (every) return setTimeout(turn, every);
    if (performance.now() - slept < 200) return setImmediate(turn);
    return setTimeout(() => {
      slept = performance.now();
      turn();
    }, 10);
  };
  const turn = () => {
    if (!resting) step();
    if (resting) setTimeout(turn, 20);
    else again();
  };
  turn();
};

// `facts` is asked for each time; `rest` and `goOn` are told to what `repeat` does not reach.
exports.run = ({ facts = () => ({}), rest = () => {}, goOn = () => {}, routes = {} } = {}) =>
  serve(
    {
      '/facts': () => JSON.stringify({ childSignals, worstGap: takeWorstGap(), ...facts() }),
      '/rest': () => {
        resting = true;
        rest();
        // Several times: what a finalizer holds goes with the next collection.
        collect(4);
        return '{}';
      },
      '/work': () => {
        resting = false;
        goOn();
        return '{}';
      },
      ...routes,
    },
    { known: count },
  );
