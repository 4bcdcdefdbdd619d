'use strict';
// Usage: calls-wrongly.js ADDON
const { say } = require('./support');
const { writeSnapshot } = require(process.argv[2]);

for (const given of [[1], [{}], ['a', 'b'], [true, () => {}], [Symbol('a')], [['a']], ['a\0b']]) {
  try {
    writeSnapshot(...given);
    say({ error: null });
  } catch (error) {
    say({ error: error.name, code: error.code });
  }
}
