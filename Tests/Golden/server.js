'use strict';
// A program with one of each thing that heapdump names. It writes two heap snapshots, between which it has leaked.
const { writeHeapSnapshot } = require('v8');
const { EventEmitter } = require('events');
class Session { constructor(i) { this.user = 'user' + i; this.payload = 'x'.repeat(100) + i; this.previous = null; this.samples = new Float64Array(400); } }
const sessions = new Map();
const bus = new EventEmitter();
bus.setMaxListeners(0);
globalThis.registry = { list: [], buffers: [] };
let last = null;
function grow(from, to) {
  for (let i = from; i < to; i++) {
    const session = new Session(i);
    session.previous = last;
    last = session;
    sessions.set('session-' + i, session);
    bus.on('tick', function onTick() { return session; });
    registry.list.push({ action: 'view', by: i, at: new Date(i) });
    if (i % 50 === 0) registry.buffers.push(Buffer.alloc(20000, i), 'copy'.repeat(50) + (i % 2));
    setTimeout(() => session, 1e8).unref();
  }
}
const pending = new Promise(() => {});
for (let i = 0; i < 50; i++) pending.then(() => i);
const weak = new WeakMap([[sessions, { note: 'a value of a WeakMap' }]]);
globalThis.half = { ['half\ud83d']: '\udc00' };
grow(0, 400);
writeHeapSnapshot('base.heapsnapshot');
grow(400, 700);
writeHeapSnapshot('later.heapsnapshot');
void weak;
