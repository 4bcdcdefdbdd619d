'use strict';
// Goes to one place of its code, whose name it is given, and stays there: in a function called `here`, where not said otherwise. It
// says beforehand what a look at its stack has to find: `kind` of activity, and `innermost` function of its own.
const childProcess = require('child_process');
const crypto = require('crypto');
const { EventEmitter } = require('events');
const fs = require('fs');
const vm = require('vm');
const { Worker, isMainThread, workerData } = require('worker_threads');
const zlib = require('zlib');
const target = require('./support/target');

// What nobody can compute beforehand, so that no loop is compiled away.
const state = { count: 0 };
// V8 puts a function that is small and often called into the one that calls it.
const small = (value) => (value * 31 + state.count) % 65537;
const fifo = process.argv[3];
const catastrophe = 'a'.repeat(60) + 'b';
const bytes = (count) => crypto.randomBytes(count);

const javascript = (run, innermost = 'here') => ({ kind: 'javascript', innermost, run });
const place = (kind, run, innermost = 'here') => ({ kind, innermost, run });

const places = {
  // JavaScript, by every way into it.
  loop: javascript(function here() { for (;;) state.count = (state.count * 7 + 1) % 1000003; }),
  arrow: javascript(() => { const here = () => { for (;;) state.count++; }; here(); }),
  method: javascript(() => new (class { here() { for (;;) state.count++; } })().here()),
  static: javascript(() => (class { static here() { for (;;) state.count++; } }).here()),
  getter: javascript(() => ({ get here() { for (;;) state.count++; } }).here, 'get here'),
  constructor: javascript(() => new (class Here { constructor() { for (;;) state.count++; } })(), 'Here'),
  private: javascript(() => new (class { #here() { for (;;) state.count++; } run() { this.#here(); } })().run(), '#here'),
  closure: javascript(() => ((outer) => (function here() { for (;;) state.count += outer; })())(3)),
  generator: javascript(() => { const it = (function* here() { yield 1; for (;;) state.count++; })(); it.next(); it.next(); }),
  'async function': javascript(async function here() { await null; for (;;) state.count++; }),
  promise: javascript(() => Promise.resolve().then(function here() { for (;;) state.count++; })),
  microtask: javascript(() => queueMicrotask(function here() { for (;;) state.count++; })),
  'next tick': javascript(() => process.nextTick(function here() { for (;;) state.count++; })),
  immediate: javascript(() => setImmediate(function here() { for (;;) state.count++; })),
  listener: javascript(() => { const e = new EventEmitter(); e.on('x', function here() { for (;;) state.count++; }); e.emit('x'); }),
  'array callback': javascript(() => [1].forEach(function here() { for (;;) state.count++; })),
  'sort callback': javascript(() => [2, 1].sort(function here() { for (;;) state.count++; })),
  'replace callback': javascript(() => 'x'.replace(/x/, function here() { for (;;) state.count++; })),
  'proxy trap': javascript(() => new Proxy({}, { get: function here() { for (;;) state.count++; } }).x),
  'to string': javascript(() => `${{ toString: function here() { for (;;) state.count++; } }}`),
  reviver: javascript(() => JSON.parse('{"a":1}', function here() { for (;;) state.count++; })),
  eval: javascript(() => eval('(function here() { for (;;) state.count++; })()')),
  'new function': javascript(() => new Function('let n = 0; for (;;) n++;')(), null),
  'other context': javascript(() => vm.runInNewContext('(function here() { let n = 0; for (;;) n++; })()')),
  'strings of two bytes': javascript(() => vm.runInThisContext('/* \u4e2d\u6587 */ (function here() { let n = 0; for (;;) n++; })()')),
  'deep recursion': javascript(() => { const down = (n) => (n ? down(n - 1) + 1 : (function here() { for (;;) state.count++; })()); down(200); }),
  bound: javascript(() => (function here() { for (;;) state.count += this.x; }).bind({ x: 1 })()),
  allocating: place('garbage-collection|javascript', function here() { for (;;) { const o = { a: state.count++ }; state.last = [o]; } }),
  'uncaught exception': javascript(() => { process.on('uncaughtException', function here() { for (;;) state.count++; }); throw new Error('x'); }),
  'an exit listener': javascript(() => { process.on('exit', function here() { for (;;) state.count++; }); process.exit(); }),
  inlined: javascript(function here() { for (;;) for (let i = 0; i < 1e6; i++) state.count = small(i); }, 'small|here'),

  // V8's own.
  regexp: place('regexp', function here() { /^(a+)+$/.test(catastrophe); }),
  'compiled regexp': place('regexp', function here() { for (let i = 0; i < 100; i++) /^(a+)+$/.test('aab'); /^(a+)+$/.test(catastrophe); }),
  'match all': place('regexp', function here() { [...catastrophe.matchAll(/^(a+)+$/g)]; }),
  'json parse': place('json', function here() { const t = JSON.stringify(Array.from({ length: 2e5 }, (_, i) => ({ i }))); for (;;) JSON.parse(t); }),
  'atomics wait': place('atomics-wait', function here() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }),
  'atomics wait, timed': place('atomics-wait', function here() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e6); }),

  // The kernel.
  idle: place('idle', () => setInterval(() => {}, 1e6), null),
  'read of a FIFO': place('blocked', function here() { fs.readSync(fs.openSync(fifo, 'r+'), Buffer.alloc(1)); }),
  'open of a FIFO': place('blocked', function here() { fs.readFileSync(fifo); }),
  execSync: place('child-process', function here() { childProcess.execSync('exec sleep 1000'); }),
  execFileSync: place('child-process', function here() { childProcess.execFileSync('sleep', ['1000']); }),
  spawnSync: place('child-process', function here() { childProcess.spawnSync('sleep', ['1000']); }),

  // C and C++.
  pbkdf2: place('native', function here() { crypto.pbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512'); }),
  scrypt: place('native', function here() { crypto.scryptSync('a', 'b', 64, { N: 2 ** 20, p: 64, maxmem: 2 ** 31 }); }),
  gzip: place('native', function here() { const b = bytes(64 << 20); for (;;) zlib.gzipSync(b, { level: 9 }); }),
  'index of': place('native', function here() { const b = Buffer.alloc(256 << 20); for (;;) b.indexOf('b'); }),
  webassembly: place('wasm', function here() {
    // (func (export "spin") (loop (br 0)))
    const code = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 115, 112, 105, 110, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11];
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code))).exports.spin();
  }),
};

// In a worker, the same; the main thread is idle then.
if (isMainThread && process.argv[4] === 'worker') {
  new Worker(__filename, { workerData: process.argv[2], argv: process.argv.slice(2, 4) });
  target.endWithStarter();
  setInterval(() => {}, 1e6);
} else {
  if (isMainThread) target.endWithStarter();
  const { kind, innermost, run } = places[workerData ?? process.argv[2]];
  target.ready({ kind, innermost });
  setTimeout(() => run(), 1);
}
