'use strict';
// A server whose worker poses as V8's inspector and sends, instead of a snapshot, what its argument names.
const { Worker, isMainThread, workerData } = require('worker_threads');
if (isMainThread) {
  const worker = new Worker(__filename, { workerData: process.argv[2] });
  worker.once('message', () => require('./idle-server.js'));
} else {
  const { createServer } = require('http');
  const { createHash } = require('crypto');
  // What would steer a terminal, in all that it may say in its own words.
  const hostile = '\x1b]0;x\x07\x1b[2J\x9b31m\rok\u202e\x7f\u2028e';
  const lies = workerData;
  const answers = {
    command: (text) => [text],
    garbage: ['<html>not a snapshot</html>'],
    truncated: ['{"snapshot":{"meta":{'],
    nothing: [],
    'hostile-answers': [],
    'hostile-version': [hostile],
    'hostile-snapshot': [`{"snapshot":{"meta":{"node_fields":["${JSON.stringify(hostile).slice(1, -1)}"],"${hostile}`],
    'hostile-refusal': [],
  };
  const browser = `node.js/v99.0.0${lies === 'hostile-version' ? hostile : ''}`;
  const frame = (text) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255]), bytes]);
  };
  const server = createServer((request, response) => {
    const isVersion = request.url === '/json/version';
    const body = isVersion ? { Browser: browser, 'Protocol-Version': '1.1' } : [{ id: '0a1b-2c3d' }];
    response.end(JSON.stringify(body));
  });
  server.on('upgrade', (request, socket) => {
    const key = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    const send = (message) => socket.write(frame(JSON.stringify(message)));
    socket.on('error', () => {});
    socket.on('data', (data) => {
      // A masked frame: two bytes of header, two of length where that is 126 and more, four of mask.
      const isLong = (data[1] & 127) === 126;
      const start = isLong ? 8 : 6;
      const length = isLong ? data.readUInt16BE(2) : data[1] & 127;
      const masked = data.subarray(start, start + length);
      const text = Buffer.from(masked.map((byte, index) => byte ^ data[start - 4 + (index & 3)]));
      if ((data[0] & 15) !== 1) return socket.end();
      const { id, method } = JSON.parse(text);
      if (lies === 'hostile-answers') return send({ id, error: { code: -32000, message: hostile } });
      // It is asked first whether it writes the snapshot into a pipe.
      if (method === 'Runtime.evaluate') return send({ id, result: { result: { type: 'boolean', value: false } } });
      if (method === 'Runtime.getHeapUsage') return send({ id, result: { usedSize: 1e300, totalSize: -1 } });
      if (lies === 'hostile-refusal') return send({ id, error: { code: -32000, message: hostile } });
      const answer = answers[lies];
      for (const chunk of answer.call ? answer(text.toString()) : answer) send({ method: 'HeapProfiler.addHeapSnapshotChunk', params: { chunk } });
      send({ id, result: {} });
    });
  });
  server.listen(0, '127.0.0.1', () => require('worker_threads').parentPort.postMessage('ready'));
}
