'use strict';
// A server whose worker poses as V8's inspector and sends, instead of a snapshot, what its argument names.
const { createServer } = require('http');
const { workerData } = require('worker_threads');
const { frame, run, text: read, upgrade } = require('./support/fake-inspector');

run(__filename, (ready) => {
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
  const server = createServer((request, response) => {
    const isVersion = request.url === '/json/version';
    const body = isVersion ? { Browser: browser, 'Protocol-Version': '1.1' } : [{ id: '0a1b-2c3d' }];
    response.end(JSON.stringify(body));
  });
  server.on('upgrade', (request, socket) => {
    socket.write(upgrade(request.headers['sec-websocket-key']));
    const send = (message) => socket.write(frame(JSON.stringify(message)));
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const text = read(data);
      if (text === undefined) return socket.end();
      const { id, method } = JSON.parse(text);
      if (lies === 'hostile-answers') return send({ id, error: { code: -32000, message: hostile } });
      // It is asked first whether it writes the snapshot into a pipe.
      if (method === 'Runtime.evaluate') return send({ id, result: { result: { type: 'boolean', value: false } } });
      if (method === 'Runtime.getHeapUsage') return send({ id, result: { usedSize: 1e300, totalSize: -1 } });
      if (lies === 'hostile-refusal') return send({ id, error: { code: -32000, message: hostile } });
      const answer = answers[lies];
      for (const chunk of answer.call ? answer(text) : answer) send({ method: 'HeapProfiler.addHeapSnapshotChunk', params: { chunk } });
      send({ id, result: {} });
    });
  });
  server.listen(0, '127.0.0.1', ready);
});
