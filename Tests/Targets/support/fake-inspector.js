'use strict';
// What a program needs to pose as V8's inspector.
const { createHash } = require('crypto');
const { Worker, isMainThread, parentPort } = require('worker_threads');

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

// The answer that makes a connection a WebSocket's.
exports.upgrade = (key) => {
  const accept = createHash('sha1').update(key + guid).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
};

// A frame from a server; `first` is its first byte: a whole text message.
exports.frame = (content, first = 0x81) => {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(10);
  head[0] = first;
  if (bytes.length < 126) {
    head[1] = bytes.length;
    return Buffer.concat([head.subarray(0, 2), bytes]);
  }
  if (bytes.length < 65536) {
    head[1] = 126;
    head.writeUInt16BE(bytes.length, 2);
    return Buffer.concat([head.subarray(0, 4), bytes]);
  }
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
};

// Text of a client's frame: two bytes of header, two of length where that is 126 and more, four of mask. Undefined where it
// is no text.
exports.text = (data) => {
  const isLong = (data[1] & 127) === 126;
  const start = isLong ? 8 : 6;
  const length = isLong ? data.readUInt16BE(2) : data[1] & 127;
  if ((data[0] & 15) !== 1) return undefined;
  const masked = data.subarray(start, start + length);
  return Buffer.from(masked.map((byte, index) => byte ^ data[start - 4 + (index & 3)])).toString();
};

// Runs `listen` in a thread of its own, as V8's inspector has one, and a server in this one once it listens.
exports.run = (file, listen) => {
  if (isMainThread) {
    const worker = new Worker(file, { workerData: process.argv[2] });
    worker.once('message', () => require('../idle-server.js'));
  } else {
    listen(() => parentPort.postMessage('ready'));
  }
};
