'use strict';
// A server whose own handler of a signal writes a snapshot where it likes.
// Usage: dumps-on-its-own-signal.js SIGNAL FILE
const [signal, file] = process.argv.slice(2);

class OwnSignalMarker {}

global.marker = new OwnSignalMarker();
let signals = 0;
process.on(signal, () => {
  signals++;
  require('v8').writeHeapSnapshot(file);
});
require('./support/target').serve({ '/signals': () => signals });
