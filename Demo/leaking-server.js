'use strict';
// A web shop that forgets to forget: every visitor gets a Session, and none is ever dropped.
// It visits itself, so it leaks without help; `GET /stats` tells how far it is.
const http = require('http');

class Session {
  constructor(visitor) {
    this.visitor = visitor;
    this.startedAt = new Date();
    this.basket = [{ article: `article-${visitor % 100}`, count: 1 }];
    this.visited = Array.from({ length: 10 }, (_, page) => ({ path: `/visitor-${visitor}/page-${page}`, at: new Date() }));
  }
}

const sessions = new Map();

const server = http.createServer((request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify({ sessions: sessions.size }));
    return;
  }
  const session = new Session(sessions.size + 1);
  sessions.set(session.visitor, session);
  response.end(`Welcome, visitor ${session.visitor}\n`);
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log(JSON.stringify({ pid: process.pid, port }));

  const agent = new http.Agent({ keepAlive: true });
  const visit = () => {
    // A rush first, so that the leak shows within seconds; then a trickle, so that it can be left running.
    const next = () => setTimeout(visit, sessions.size < 5000 ? 0 : 100);
    http.get({ host: '127.0.0.1', port, agent }, (response) => response.resume().on('end', next)).on('error', next);
  };
  visit();
});
