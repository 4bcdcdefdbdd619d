'use strict';
// What nobody but the program itself may change.
const fs = require('fs');
const os = require('os');
const { setTimeout: sleep } = require('timers/promises');
const { burst, differs, isWanted } = require('../support/checks');

const WARM_UP_MILLISECONDS = 1_500;

// heapdump's agent is found again by it: the only thing that a dump leaves behind.
const AGENTS = Symbol.for('heapdump.agents');

const keys = (object) => Reflect.ownKeys(object).filter((key) => key !== AGENTS).map(String).sort().join();
const classes = [Object, Function, Array, Map, Promise, Buffer, Error, String];
const looks = {
  'process.umask': () => process.umask(),
  'process.cwd': () => process.cwd(),
  'process.title': () => process.title,
  'process.argv': () => `${process.argv} ${process.execArgv} ${process.execPath}`,
  'process.env': () => JSON.stringify(process.env),
  'process.exitCode': () => process.exitCode,
  'user and group': () => `${process.getuid()} ${process.getgid()} ${process.geteuid()} ${process.getgroups()}`,
  'os.getPriority': () => os.getPriority(),
  'listeners of process': () => process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`).sort().join(),
  'keys of process': () => keys(process),
  'keys of globalThis': () => keys(globalThis),
  'require.cache': () => keys(require.cache),
  'module hooks': () => keys(require('module')) + keys(require.extensions),
  'Error.stackTraceLimit': () => Error.stackTraceLimit,
  prototypes: () => classes.map((one) => `${keys(one)} ${keys(one.prototype)}`).join(),
  'signal masks': () => /SigBlk:.*\nSigIgn:.*\nSigCgt:.*/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[0],
  limits: () => fs.readFileSync('/proc/self/limits', 'latin1'),
};

// Once all of the program is loaded, and has done everything once.
module.exports = async () => {
  const wanted = Object.entries(looks).filter(([kind]) => isWanted(kind));
  if (wanted.length) await sleep(WARM_UP_MILLISECONDS);
  for (const [kind, look] of wanted) {
    const known = look();
    burst(kind, () => differs(kind, look(), known));
  }
};
