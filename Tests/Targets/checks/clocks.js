'use strict';
// Clocks: those of Node hand over their time in a shared array.
const os = require('os');
const { burst, differs } = require('../support/checks');

const SECOND = 1_000_000_000n;
const big = ([seconds, nanoseconds]) => BigInt(seconds) * SECOND + BigInt(nanoseconds);

// Each form between two of another form, so that none can come from elsewhere.
burst('process.hrtime', () => {
  const before = process.hrtime.bigint();
  const [seconds, nanoseconds] = process.hrtime();
  const after = process.hrtime.bigint();
  const time = big([seconds, nanoseconds]);
  const isRight = before <= time && time <= after && nanoseconds >= 0 && nanoseconds < 1e9;
  return differs(`${before} ≤ ${seconds}, ${nanoseconds} ≤ ${after}`, isRight, true);
});
burst('process.hrtime.bigint', () => {
  const before = process.hrtime();
  const time = process.hrtime.bigint();
  const after = process.hrtime();
  return differs(`${before} ≤ ${time} ≤ ${after}`, big(before) <= time && time <= big(after), true);
});
burst('process.hrtime difference', () => {
  const [seconds, nanoseconds] = process.hrtime(process.hrtime());
  // A dump that stops the process may come between the two.
  return differs(`${seconds}, ${nanoseconds}`, seconds >= 0 && seconds < 60 && nanoseconds >= 0 && nanoseconds < 1e9, true);
});
let last = performance.now();
burst('performance.now', () => {
  const now = performance.now();
  const problem = differs(`${last} ≤ ${now}`, last <= now, true);
  last = now;
  return problem;
});
burst('performance.mark, measure', () => {
  performance.mark('one');
  performance.mark('other');
  const { duration } = performance.measure('between', 'one', 'other');
  performance.clearMarks();
  performance.clearMeasures();
  return differs(`${duration}`, duration >= 0 && duration < 10_000, true);
});
burst('performance.eventLoopUtilization', () => {
  const { utilization, active, idle } = performance.eventLoopUtilization();
  return differs(`${utilization}, ${active}, ${idle}`, utilization >= 0 && utilization <= 1 && active >= 0 && idle >= 0, true);
});
burst('process.uptime, os.uptime', () => {
  const [own, whole] = [process.uptime(), os.uptime()];
  return differs(`${own}, ${whole}`, own > 0 && own < whole + 1, true);
});
burst('Date', () => {
  const [one, other] = [Date.now(), new Date()];
  // Somebody may set the clock.
  return differs(`${one}, ${other}`, Math.abs(other - one) < 10_000 && JSON.stringify(other).length === 26, true);
});
