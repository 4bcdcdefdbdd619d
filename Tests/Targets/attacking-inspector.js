'use strict';
// A server whose worker poses as V8's inspector, to do harm to who asks it: its argument names how.
const net = require('net');
const { workerData } = require('worker_threads');
const { frame, run, text, upgrade } = require('./support/fake-inspector');

const escapes = '\x1b]0;owned\x07\x1b[2J\x9b31m\r\u202e';
const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const answer = (body) => `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const version = answer('{"Browser":"node.js/v24.0.0","Protocol-Version":"1.1"}');
const list = answer('[{"id":"0a1b-2c3d"}]');

// As much as is taken, for as long as it is taken.
const flood = (socket, next) => {
  const write = () => { while (!socket.destroyed && socket.write(next())); };
  socket.on('drain', write);
  write();
};
const always = (bytes) => () => bytes;
const event = (method, params) => frame(JSON.stringify({ method, params }));
const chunk = (part) => event('HeapProfiler.addHeapSnapshotChunk', { chunk: part });
const meta = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'], node_types: [['synthetic'], 'string', 'number', 'number', 'number'],
  edge_fields: ['type', 'name_or_index', 'to_node'], edge_types: [['context'], 'string_or_number', 'node'],
};
const header = JSON.stringify({ snapshot: { meta, node_count: 1, edge_count: 0 } }).slice(0, -1);

// To the question for its version, instead of an answer.
const instead = {
  silence: () => {},
  'hang-up': (socket) => socket.destroy(),
  binary: (socket) => socket.write(Buffer.alloc(1 << 20, 0xf5)),
  'endless-head': (socket) => { socket.write(head); flood(socket, always(`X-Again: ${'a'.repeat(1000)}\r\n`)); },
  'long-header': (socket) => socket.write(`${head}X-Long: ${'a'.repeat(10 << 20)}\r\n\r\n`),
  'endless-body': (socket) => { socket.write(`${head}\r\n{"Browser":"node.js/v24.0.0`); flood(socket, always('a'.repeat(65536))); },
  'deep-json': (socket) => socket.end(answer('['.repeat(60000))),
  'long-number': (socket) => socket.end(answer(`{"Browser":${'9'.repeat(60000)}}`)),
  drip: (socket) => { const timer = setInterval(() => socket.destroyed ? clearInterval(timer) : socket.write('H'), 50); },
  redirect: (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/json/version\r\nContent-Length: 0\r\n\r\n'),
  'other-program': (socket) => socket.end(answer(`{"Browser":"Chrome/1.2.3${escapes}"}`)),
};
// To the question for its WebSocket.
const lists = {
  'path-elsewhere': answer(JSON.stringify([{ id: '../../x\r\nHost: elsewhere' }])),
  'no-path': answer('[]'),
};
// To the request for a WebSocket.
const upgrades = {
  'wrong-accept': () => upgrade('x'),
  'no-upgrade': () => answer('{}'),
};
// Once it is one.
const greetings = {
  'huge-frame': (socket) => socket.write(Buffer.from([0x81, 127, 0x3f, 255, 255, 255, 255, 255, 255, 255, 0x41])),
  'reserved-bits': (socket) => socket.write(frame('{}', 0xf1)),
  'endless-message': (socket) => { socket.write(frame('"', 0x01)); flood(socket, always(frame('a'.repeat(1 << 20), 0x00))); },
  'continued-nothing': (socket) => socket.write(frame('a', 0x80)),
  'not-json': (socket) => socket.write(frame(`{"id":1,"result":${'['.repeat(100000)}`)),
  'not-utf-8': (socket) => socket.write(frame(Buffer.from([0x7b, 0xff, 0xc0, 0x80, 0x7d]))),
  'ping-flood': (socket) => { socket.pause(); flood(socket, always(frame('p'.repeat(125), 0x89))); },
  'progress-flood': (socket) => flood(socket, always(event('HeapProfiler.reportHeapSnapshotProgress', { done: 1, total: 2 }))),
  'nonsense-flood': (socket) => flood(socket, always(event('Nothing.happened', {}))),
  'close-with-escapes': (socket) => socket.write(frame(Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.from(escapes)]), 0x88)),
};
// To a command, by its number and name.
const answers = {
  'strange-numbers': (id) => [-1, 1e308, '1', null, id + 1].map((other) => frame(JSON.stringify({ id: other, result: {} }))),
  'says-it-is-done': (id) => [frame(JSON.stringify({ id, result: { result: { type: 'boolean', value: true } } }))],
  'long-error': (id) => [frame(JSON.stringify({ id, error: { code: 1, message: escapes + 'a'.repeat(8 << 20) } }))],
  'endless-snapshot': (id, method, socket) => {
    if (!method.startsWith('HeapProfiler')) return refusal(id);
    socket.write(chunk(`${header},"nodes":[0,0,1,0,0],"edges":[],"strings":["`));
    flood(socket, always(chunk('a'.repeat(1 << 20))));
    return [];
  },
  'endless-nodes': (id, method, socket) => {
    if (!method.startsWith('HeapProfiler')) return refusal(id);
    socket.write(chunk(`${header.replace('"node_count":1', '"node_count":9007199254740991')},"nodes":[0,0,1,0,0`));
    let node = 1;
    flood(socket, () => {
      let rows = '';
      for (let row = 0; row < 10000; row++) rows += `,0,0,${node += 2},0,0`;
      return chunk(rows);
    });
    return [];
  },
  'many-workers': (id, method, socket) => {
    if (method !== 'NodeWorker.enable') return refusal(id);
    const title = '[worker 7] ' + 'a'.repeat(8 << 20);
    let session = 0;
    flood(socket, () => event('NodeWorker.attachedToWorker', { sessionId: `${session++}`, workerInfo: { title } }));
    return [];
  },
  'broken-chunk': (id, method) => method.startsWith('HeapProfiler')
    ? [frame('{"method":"HeapProfiler.addHeapSnapshotChunk","params":{"chunk":"\\ud800\\x"}}')] : refusal(id),
  'two-snapshots': (id, method) => {
    if (!method.startsWith('HeapProfiler')) return refusal(id);
    const whole = `${header},"nodes":[0,0,1,0,0],"edges":[],"strings":["a"]}`;
    return [chunk(whole), chunk(whole), frame(JSON.stringify({ id, result: {} }))];
  },
};
const refusal = (id) => [frame(JSON.stringify({ id, result: { result: { type: 'boolean', value: false } } }))];

const serve = (socket) => {
  socket.on('error', () => {});
  const attack = workerData;
  let isUpgraded = false;
  socket.on('data', (data) => {
    if (isUpgraded) {
      const message = text(data);
      if (message === undefined) return socket.end();
      const { id, method } = JSON.parse(message);
      for (const bytes of answers[attack] ? answers[attack](id, method, socket) : []) socket.write(bytes);
      return;
    }
    const request = data.toString();
    const key = /sec-websocket-key: *(\S+)/i.exec(request);
    if (key) {
      socket.write(upgrades[attack] ? upgrades[attack]() : upgrade(key[1]));
      isUpgraded = true;
      if (greetings[attack]) greetings[attack](socket);
    } else if (request.startsWith('GET /json/list')) {
      socket.end(lists[attack] || list);
    } else {
      (instead[attack] || (() => socket.end(version)))(socket);
    }
  });
};

if (![instead, lists, upgrades, greetings, answers].some((attacks) => (workerData || process.argv[2]) in attacks)) {
  throw new Error(`no such attack: ${workerData || process.argv[2]}`);
}
run(__filename, (ready) => net.createServer(serve).listen(0, '127.0.0.1', ready));
