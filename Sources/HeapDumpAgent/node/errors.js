'use strict';
// What callbacks are told.
const os = require('os');
const util = require('util');

// See child.h.
const status = { threw: 70, notSetUp: 71, mustWait: 77 };

const nameOf = (constants, number) => Object.keys(constants).find((name) => constants[name] === number);

const make = (message, properties, cause) =>
  Object.assign(cause ? new Error(message, { cause }) : new Error(message), properties);

// Node's names leave some out, EDQUOT for one.
const codeOf = ({ errno, code }) => nameOf(os.constants.errno, -errno) ?? code;

// From an error of `fs`, in the form that node-heapdump has always had.
exports.writeError = (cause) => {
  if (typeof cause.errno !== 'number') return cause;
  const { errno, syscall, path } = cause;
  const properties = { errno, code: codeOf(cause), syscall, ...(path && { path }) };
  return make(`heapdump write error ${properties.code}`, properties, cause);
};

exports.notRegular = (path, status, cause) => {
  if (status.isDirectory()) return Object.assign(cause, { errno: -os.constants.errno.EISDIR, code: 'EISDIR' });
  const kind = status.isSymbolicLink() ? 'symbolic link' : status.isFIFO() ? 'FIFO' : 'device or socket';
  return make(`heapdump write error: ${path} is a ${kind}: only a regular file is replaced`, {
    code: 'ERR_HEAPDUMP_NOT_A_FILE',
    path,
  });
};

exports.incomplete = (bytes) =>
  make(`heapdump write error: the file ends too early, after ${bytes} bytes`, { code: 'ERR_HEAPDUMP_INCOMPLETE' });

// Errors cross from the child to its parent as a text of 500 bytes at most.
exports.toText = ({ errno, code, syscall, message = '' }) =>
  JSON.stringify({ errno, code, syscall, message: message.slice(0, 120) });

function fromText(text) {
  try {
    const { message, ...properties } = JSON.parse(text);
    return exports.writeError(make(message, properties));
  } catch {
    return childError(`failed: ${text}`);
  }
}

const childError = (what, properties) =>
  make(`heapdump: the forked process ${what}`, { code: 'ERR_HEAPDUMP_CHILD', ...properties });

// No child could be made.
exports.forkError = ({ errno, step }) => {
  const code = codeOf({ errno: -errno, code: `errno ${errno}` });
  const text = util.getSystemErrorMap().get(-errno)?.[1];
  return make(`heapdump ${step} error ${code}${text ? `: ${text}` : ''}`, { errno: -errno, code, syscall: step });
};

function signalError({ signal, killedBecause, attempts }) {
  const name = nameOf(os.constants.signals, signal) ?? `signal ${signal}`;
  const tries = attempts === 1 ? '' : ` (${attempts} attempts)`;
  const properties = { signal: name };
  if (killedBecause) return childError(`was ended because ${killedBecause}${tries}`, properties);
  if (name === 'SIGALRM') return childError('was not done in time', properties);
  const hint = name === 'SIGKILL' || name === 'SIGABRT' ? ', which happens where memory is short' : '';
  return childError(`died of ${name}${hint}${tries}`, properties);
}

// From what the agent tells of a dump; `null` where the child has done its work.
// `isComplete` is asked where nobody knows: an application that reaps children it did not start may have been faster.
exports.outcomeError = (outcome, isComplete) => {
  if (outcome.errno) return exports.forkError(outcome);
  if (outcome.signal) return signalError(outcome);
  switch (outcome.exitStatus) {
    case 0:
      return null;
    case -1:
      return isComplete() ? null : childError('was reaped by the application, and its snapshot is not whole');
    case status.threw:
      return fromText(outcome.thrown);
    case status.notSetUp:
      return childError(`could not be set up: ${outcome.thrown}`);
    case status.mustWait:
      return childError(`lacked a thread that V8 waited for (${outcome.attempts} attempts)`);
    default:
      return childError(`ended with status ${outcome.exitStatus}`);
  }
};
