'use strict';
// Other copies of this package in the process, one of the application's and one of `node -r`, know the listener by this.
const mark = Symbol.for('heapdump.onDumpSignal');

// Node does not stay alive for a listener to a signal.
exports.onDumpSignal = (dump) => {
  if (process.listeners('SIGUSR2').some((listener) => listener[mark])) return;
  process.on('SIGUSR2', Object.assign(() => dump(), { [mark]: true }));
};
