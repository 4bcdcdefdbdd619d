'use strict';
// What comes back through sockets of every kind.
const { createHash, randomBytes } = require('crypto');
const dgram = require('dgram');
const http = require('http');
const net = require('net');
const { countPending, differs, differsInBytes, newPath, repeat } = require('../support/checks');

const MOST_BYTES = 100_000;

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const anyBytes = (most) => randomBytes(1 + Math.floor(Math.random() * most));
const listening = (server, ...place) => new Promise((resolve) => server.listen(...place, () => resolve(server.address())));

// Connections that an agent keeps are open for a while after the last request.
const KEPT_MILLISECONDS = 100;
let connections = 0;
countPending(() => connections);
const counted = (server) =>
  server.on('connection', (socket) => {
    connections++;
    socket.on('close', () => connections--);
  });
const echo = () => counted(net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket).on('error', () => {})));

// Sends bytes, and expects the same ones.
const converse = (address, over) => {
  const sent = anyBytes(MOST_BYTES);
  const got = [];
  let problem;
  const socket = net.connect(address, () => socket.end(sent));
  socket.on('data', (chunk) => got.push(chunk));
  socket.on('error', (error) => (problem = error.message));
  socket.on('close', () => {
    const bytes = Buffer.concat(got);
    over(
      problem ||
        differs('hash', hash(bytes), hash(sent)) ||
        differs('bytesRead', socket.bytesRead, sent.length) ||
        differs('bytesWritten', socket.bytesWritten, sent.length),
    );
  });
};

module.exports = async () => {
  const tcp = await listening(echo(), 0, '127.0.0.1');
  repeat('TCP', 5, (over) => converse({ host: '127.0.0.1', port: tcp.port }, over));

  const path = newPath();
  await listening(echo(), path);
  repeat('Unix sockets', 5, (over) => converse({ path }, over));

  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      response.writeHead(200, { 'x-hash': hash(bytes), 'x-path': request.url });
      response.end(bytes);
    });
  });
  server.keepAliveTimeout = KEPT_MILLISECONDS;
  const web = await listening(counted(server), 0, '127.0.0.1');
  const agent = new http.Agent({ keepAlive: true });
  let requests = 0;
  repeat('HTTP', 5, (over) => {
    const sent = anyBytes(MOST_BYTES);
    const place = `/request-${++requests}`;
    const request = http.request({ host: '127.0.0.1', port: web.port, path: place, method: 'POST', agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const { headers } = response;
        over(
          differsInBytes('body', Buffer.concat(chunks), sent) ||
            differs('hash', headers['x-hash'], hash(sent)) ||
            differs('path', headers['x-path'], place),
        );
      });
    });
    // A connection that was kept may have been closed by the server at this very moment.
    request.on('error', (error) => over(error.code === 'ECONNRESET' && request.reusedSocket ? undefined : error.message));
    request.end(sent);
  });

  repeat('UDP', 3, udp());
};

const udp = () => {
  const partner = dgram.createSocket('udp4', (message, sender) => partner.send(message, sender.port, sender.address));
  partner.bind(0, '127.0.0.1');
  return (over) => {
    const sent = anyBytes(8_000);
    const socket = dgram.createSocket('udp4');
    // The kernel may drop a datagram.
    const again = setInterval(() => socket.send(sent, partner.address().port, '127.0.0.1'), 2_000);
    const end = (problem) => {
      clearInterval(again);
      socket.close(() => over(problem));
    };
    socket.once('message', (got) => end(differsInBytes('datagram', got, sent)));
    socket.once('error', (error) => end(error.message));
    socket.send(sent, partner.address().port, '127.0.0.1');
  };
};
