'use strict';
// What V8's promise hooks tell a program: its own promises, each at its time.
const { promiseHooks } = require('v8');
const { burst, count, differs, fail, watch } = require('../support/checks');

const kind = 'promise hooks';
const known = new WeakSet();
const running = [];
let events = 0;

if (watch(kind)) {
  promiseHooks.createHook({
    init(promise) {
      events++;
      if (known.has(promise)) fail(kind, 'a promise begins twice');
      known.add(promise);
      count(kind);
    },
    before(promise) {
      events++;
      running.push(promise);
    },
    after(promise) {
      events++;
      if (running.pop() !== promise) fail(kind, 'after of a promise that does not run');
    },
    settled(promise) {
      events++;
      if (!promise) fail(kind, 'nothing is settled');
    },
  });

  burst('no promise hooks in the middle of a function', () => {
    const before = events;
    let sum = 0;
    for (let number = 0; number < 300_000; number++) sum = (sum + number) | 0;
    return differs('events', events, before) || differs('sum', sum > 0, true);
  });
}
