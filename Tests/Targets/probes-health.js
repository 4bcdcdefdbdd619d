'use strict';
// A health probe as load balancers have them: a request every 100 ms on a connection of its own, given up after 1 s. So that a
// machine with too much to do is not taken for a process that stands still, a second server is asked at the same moments.
// Usage: probes-health.js PORT PORT-OF-THE-OTHER
// Says `ready {}`; when its standard input ends, it says how many probes there were, how many the first server alone failed,
// and what the slowest answer took, in milliseconds.
const http = require('http');
const { ready } = require('./support/target');

const period = 100;
const timeout = 1000;

const probe = (port) =>
  new Promise((resolve) => {
    const start = performance.now();
    const request = http.get({ host: '127.0.0.1', port, path: '/', agent: false, timeout }, (response) => {
      response.resume().on('end', () => resolve({ ok: response.statusCode === 200, time: performance.now() - start }));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (error) => resolve({ ok: false, error: error.message, time: performance.now() - start }));
  });

let probes = 0;
let slowest = 0;
const failures = [];
const [port, other] = process.argv.slice(2);
const pending = new Set();

const ask = () => {
  const both = Promise.all([probe(port), probe(other)]).then(([its, others]) => {
    probes++;
    slowest = Math.max(slowest, its.time);
    if (!its.ok && others.ok) failures.push(its.error || 'status');
    pending.delete(both);
  });
  pending.add(both);
};

const timer = setInterval(ask, period);
process.stdin.resume().on('end', async () => {
  clearInterval(timer);
  await Promise.all(pending);
  process.stdout.write(`${JSON.stringify({ probes, failures, slowest })}\n`, () => process.exit());
});
ready({});
