'use strict';
// What Node says of the use of memory and processors: most of it comes in shared arrays.
const fs = require('fs');
const os = require('os');
const v8 = require('v8');
const { burst, differs, repeat } = require('../support/checks');

const KB = 1024;
// By how much the kernel's own figures may differ, which it counts for each processor.
const TOLERANCE_BYTES = 32 << 20;

burst('process.memoryUsage', () => {
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const numbers = [rss, heapTotal, heapUsed, external, arrayBuffers];
  const areNumbers = numbers.every((number) => Number.isSafeInteger(number) && number >= 0);
  const isRight = areNumbers && heapUsed > 1e6 && heapUsed <= heapTotal && rss > 1e7 && arrayBuffers <= external;
  return differs(numbers.join(), isRight, true);
});
// The collector may give memory back between two looks at it, so the look is slow and rare.
repeat('process.memoryUsage.rss', 1, (over) => {
  const kernel = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[1]) * KB;
  const rss = process.memoryUsage.rss();
  over(differs(`${rss}, the kernel says ${kernel}`, Math.abs(rss - kernel) < TOLERANCE_BYTES, true));
});

let lastUsage = process.resourceUsage();
const growing = `userCPUTime systemCPUTime maxRSS minorPageFault majorPageFault voluntaryContextSwitches
  involuntaryContextSwitches`.split(/\s+/);
burst('process.resourceUsage', () => {
  const now = process.resourceUsage();
  for (const name of growing) {
    const isRight = Number.isSafeInteger(now[name]) && now[name] >= lastUsage[name] && now[name] - lastUsage[name] < 1e9;
    if (!isRight) return `${name} is ${now[name]} after ${lastUsage[name]}`;
  }
  lastUsage = now;
  return differs('signalsCount', now.signalsCount, 0);
});
let lastTime = process.cpuUsage();
burst('process.cpuUsage', () => {
  const now = process.cpuUsage();
  const isLater = (name) => now[name] >= lastTime[name] && now[name] - lastTime[name] < 1e8;
  const isRight = isLater('user') && isLater('system');
  const problem = differs(`${JSON.stringify(now)} after ${JSON.stringify(lastTime)}`, isRight, true);
  lastTime = now;
  return problem;
});

const spaces = v8.getHeapSpaceStatistics().map((space) => space.space_name).join();
burst('v8.getHeapSpaceStatistics', () => {
  const now = v8.getHeapSpaceStatistics();
  const problem = differs('names', now.map((space) => space.space_name).join(), spaces);
  if (problem) return problem;
  const bad = now.find(
    (space) => !(space.space_size >= 0 && space.space_used_size >= 0 && space.space_used_size <= space.space_size),
  );
  return bad && JSON.stringify(bad);
});
const heapLimit = v8.getHeapStatistics().heap_size_limit;
burst('v8.getHeapStatistics', () => {
  const now = v8.getHeapStatistics();
  const isRight = now.used_heap_size <= now.total_heap_size && now.total_heap_size < heapLimit * 2;
  return (
    differs('heap_size_limit', now.heap_size_limit, heapLimit) ||
    differs('contexts', `${now.number_of_native_contexts}, ${now.number_of_detached_contexts}`, '1, 0') ||
    differs(JSON.stringify(now), isRight, true)
  );
});
burst('v8.getHeapCodeStatistics', () => {
  const now = v8.getHeapCodeStatistics();
  return differs(JSON.stringify(now), now.code_and_metadata_size >= 0 && now.bytecode_and_metadata_size > 1_000, true);
});
burst('os.loadavg, cpus', () => {
  const loads = os.loadavg();
  const areRight = loads.length === 3 && loads.every((load) => load >= 0 && load < 10_000);
  return differs(`${loads}`, areRight, true) || differs('cpus', os.cpus().every((cpu) => cpu.times.user >= 0), true);
});
const total = os.totalmem();
burst('os.totalmem, freemem', () => {
  const free = os.freemem();
  return differs('total', os.totalmem(), total) || differs(`${free} free`, free <= total && free > 0, true);
});
