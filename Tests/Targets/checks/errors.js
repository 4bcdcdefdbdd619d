'use strict';
// The program's own hook for stack traces sees the program's errors; and the process has nothing to complain of.
const path = require('path');
const { burst, count, differs, fail, isWanted, watch } = require('../support/checks');

const root = path.dirname(__dirname);
const isOwn = (file) => typeof file === 'string' && (file.startsWith('node:') || file.startsWith('internal/') || file.startsWith(root));

if (watch('Error.prepareStackTrace')) {
  Error.prepareStackTrace = (error, frames) => {
    count('Error.prepareStackTrace');
    // Functions of V8's own have no file.
    const foreign = frames.find((frame) => !frame.isNative() && frame.getFileName() !== null && !isOwn(frame.getFileName()));
    if (foreign) fail('Error.prepareStackTrace', `of a foreign error: ${error}, at ${foreign}`);
    return `${error}\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
  };
  burst('error.stack', () => {
    const { stack } = new Error('own');
    return differs('stack', stack.startsWith('Error: own\n    at ') && stack.includes(__filename), true);
  });
}

// What must never happen.
for (const name of ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning', 'rejectionHandled']) {
  if (isWanted(name)) process.on(name, (what) => fail(name, what && what.stack ? what.stack : what));
}
