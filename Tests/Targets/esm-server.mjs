// A server without `require`: an ECMAScript module alone, so it shares no code with the others.
import { fstatSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

let counter = 0;
const server = createServer((request, response) => response.end(`ok ${++counter}\n`));
server.listen(0, '127.0.0.1', () => {
  writeSync(1, `ready ${JSON.stringify({ pid: process.pid, port: server.address().port })}\n`);
});

const starter = process.ppid;
setInterval(() => process.ppid !== starter && process.exit(), 500).unref();
if (fstatSync(0).isFIFO()) process.stdin.on('end', () => process.exit()).resume();
