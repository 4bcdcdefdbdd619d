'use strict';
// A server under load in the manner of Express, all of whose clients stay connected, in the process that is asked for: the main thread, a
// worker of a cluster, or a worker thread. Writes its snapshot when it has answered for a while, and ends.
// Usage: healthy-server.js main|cluster|thread PATH
const cluster = require('cluster');
const http = require('http');
const { AsyncLocalStorage } = require('async_hooks');
const { Worker, isMainThread, workerData } = require('worker_threads');
const v8 = require('v8');

const connections = 200;
const rounds = 5;

function serve(path, end) {
  const store = new AsyncLocalStorage();
  const sessions = new Map();
  const layers = [
    (request, response, next) => store.run({ request }, next),
    (request, response, next) => {
      request.cookies = Object.fromEntries((request.headers.cookie || '').split('; ').map((pair) => pair.split('=')));
      next();
    },
    (request, response, next) => {
      sessions.set(request.cookies.id, { seen: Date.now(), name: `user ${request.cookies.id}` });
      response.setTimeout(30_000);
      next();
    },
    async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      await new Promise((resolve) => setTimeout(resolve, 1));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ session: store.getStore().request.cookies.id, length: body.length }));
    },
  ];
  const server = http.createServer((request, response) => {
    const handle = (number) => layers[number](request, response, () => handle(number + 1));
    handle(0);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    const { port } = server.address();
    const ask = (id) => new Promise((resolve, reject) => {
      const headers = { cookie: `id=${id}; theme=dark` };
      const request = http.request({ port, host: '127.0.0.1', agent, method: 'POST', headers }, (response) => {
        response.resume();
        response.on('end', resolve);
      });
      request.on('error', reject);
      request.end('x'.repeat(2000));
    });
    (async () => {
      for (let round = 0; round < rounds; round++) {
        await Promise.all(Array.from({ length: connections }, (_, id) => ask(id)));
      }
      // While the last ones are under way.
      const last = Array.from({ length: connections }, (_, id) => ask(id));
      v8.writeHeapSnapshot(path);
      await Promise.all(last);
      end();
    })();
  });
}

const [where, path] = isMainThread ? process.argv.slice(2) : ['main', workerData];
if (where === 'cluster' && cluster.isPrimary) {
  cluster.fork().on('exit', (status) => process.exit(status));
} else if (where === 'thread') {
  new Worker(__filename, { workerData: path }).on('exit', (status) => process.exit(status));
} else {
  serve(path, () => process.exit(0));
}
