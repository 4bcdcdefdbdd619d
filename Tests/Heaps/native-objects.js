'use strict';
// Objects that wrap Node's own C++ ones: servers with open sockets, zlib streams, keys and hashes, files, timers, histograms.
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const net = require('net');
const perfHooks = require('perf_hooks');
const zlib = require('zlib');
const { AsyncLocalStorage, createHook } = require('async_hooks');
const { snapshot } = require('./support/snapshot');

const held = { sockets: [], requests: [] };
held.zlib = Array.from({ length: 5 }, () => [zlib.createGzip(), zlib.createInflate(), zlib.createBrotliCompress()]);
held.keys = [crypto.createSecretKey(Buffer.alloc(32)), crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })];
held.hashes = Array.from({ length: 20 }, () => [crypto.createHash('sha256').update('text'), crypto.createHmac('sha1', 'key')]);
held.ciphers = Array.from({ length: 5 }, () => crypto.createCipheriv('aes-256-cbc', Buffer.alloc(32), Buffer.alloc(16)));
held.dh = crypto.createECDH('secp256k1');
held.dh.generateKeys();
held.certificate = crypto.X509Certificate;
held.watcher = fs.watch(__dirname);
held.files = Array.from({ length: 5 }, () => fs.createReadStream(__filename, { autoClose: false }));
held.timers = Array.from({ length: 50 }, (_, i) => [setTimeout(() => held, 1e6 + i), setInterval(() => i, 1e6)]);
held.histogram = perfHooks.monitorEventLoopDelay();
held.observer = new perfHooks.PerformanceObserver(() => {});
held.marks = Array.from({ length: 20 }, (_, i) => perfHooks.performance.mark(`mark ${i}`));
held.storage = new AsyncLocalStorage();
held.hook = createHook({ init() {} }).enable();
held.storage.run({ store: {} }, () => { held.promise = new Promise(() => {}).then(() => held); });

const server = http.createServer((request, response) => {
  held.requests.push([request, response]);
  // Not answered: it stays under way.
  if (held.requests.length === 5) snapshot(held);
});
held.server = server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  for (let i = 0; i < 5; i++) held.sockets.push(http.get({ port, agent: false, path: `/${i}`, host: '127.0.0.1' }).on('error', () => {}));
  for (let i = 0; i < 3; i++) held.sockets.push(net.connect(port, '127.0.0.1').on('error', () => {}));
});
