'use strict';
// Runs checks again and again, and keeps what was wrong.
const { AsyncLocalStorage } = require('async_hooks');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { isResting } = require('./stress');

// How long one kind of synchronous check has the event loop for itself, and how many kinds follow one another.
const BURST_MILLISECONDS = 3;
const BURSTS_IN_A_ROW = 4;
// Half of the time there are none, so that calls which are under way have the event loop for themselves.
const PERIOD_MILLISECONDS = 200;
// Between two calls of a chain, at times; else the next one begins in the callback of the last, so that Node always has a
// result to hand over.
const LONGEST_BREAK_MILLISECONDS = 4;
// At the end of each period nothing begins for so long, so that the event loop comes to wait, as that of any program does that is not at its end.
const REST_MILLISECONDS = 20;
const BREAK_SHARE = 0.1;

const done = new Map();
const wrong = new Map();
const bursts = [];
const context = new AsyncLocalStorage();
let flying = 0;
const others = [];
let names = [];
// Those of `names` that are a group or a kind.
const found = new Set();
let group;

exports.setFilter = (filter) => {
  names = filter;
};

const isWanted = (kind) => {
  const isNamed = (name) => name === kind || name === group;
  for (const name of [kind, group]) found.add(name).add(`-${name}`);
  if (names.some((name) => name[0] === '-' && isNamed(name.slice(1)))) return false;
  const wanted = names.filter((name) => name[0] !== '-');
  return wanted.length === 0 || wanted.some(isNamed);
};

// A misspelt name would check nothing, and find nothing wrong.
exports.expectAllFound = () => {
  const unknown = names.filter((name) => !found.has(name));
  if (unknown.length) throw new Error(`there are no such checks: ${unknown}`);
};

// Loads a group of checks, and waits until it is ready; one after another, since kinds belong to the group that loads.
exports.start = async (name, load) => {
  group = name;
  const begin = load();
  if (typeof begin === 'function') await begin();
};

// What is seen and not done, such as an event: the group counts it itself. Returns whether the kind is wanted.
exports.watch = (kind) => {
  if (!isWanted(kind)) return false;
  done.set(kind, 0);
  return true;
};

exports.isWanted = isWanted;
const count = (kind) => done.set(kind, done.get(kind) + 1);

const fail = (kind, problem) => {
  const entry = wrong.get(kind) || { count: 0, first: String(problem).slice(0, 500) };
  entry.count++;
  wrong.set(kind, entry);
};

exports.count = count;
exports.fail = fail;
// Calls under way, and what `countPending` adds: what must be over before the process is compared with itself.
exports.pending = () => flying + others.reduce((sum, count) => sum + count(), 0);
exports.countPending = (count) => others.push(count);

// Keeps `chains` calls of `step` under way. `step` calls what it is given once, with what is wrong, if anything is; the
// context of its call must have been kept.
exports.repeat = (kind, chains, step) => {
  if (!isWanted(kind)) return;
  done.set(kind, 0);
  for (let chain = 0; chain < chains; chain++) {
    const place = { kind, chain };
    // Not at once: the group is not loaded to its end.
    context.run(place, () => setImmediate(next, kind, chain, step, place, true));
  }
};

const next = (kind, chain, step, place, isFirst) => {
  // The first call at once: it starts what a process has for good, such as libuv's threads.
  const isBreak = !isFirst && performance.now() % PERIOD_MILLISECONDS > PERIOD_MILLISECONDS - REST_MILLISECONDS;
  if (isResting() || isBreak) {
    setTimeout(next, 20, kind, chain, step, place);
    return;
  }
  let isOver = false;
  let isAtOnce = true;
  flying++;
  const over = (problem) => {
    const store = context.getStore();
    if (store !== place) fail('AsyncLocalStorage', `${kind} ended in the context of ${JSON.stringify(store)}`);
    if (isOver) {
      fail(kind, 'it ended twice');
      return;
    }
    isOver = true;
    flying--;
    count(kind);
    if (problem) fail(kind, problem);
    if (Math.random() < BREAK_SHARE) setTimeout(next, Math.random() * LONGEST_BREAK_MILLISECONDS, kind, chain, step, place);
    else if (isAtOnce) setImmediate(next, kind, chain, step, place);
    else next(kind, chain, step, place);
  };
  try {
    step(over, chain);
  } catch (error) {
    over(error.stack);
  }
  isAtOnce = false;
};

// The same of an asynchronous function, which comes to what is wrong or throws it.
exports.repeatAsync = (kind, chains, step) =>
  exports.repeat(kind, chains, (over, chain) => {
    // Not in a microtask, whose next one would begin before any event.
    const later = (problem) => setImmediate(over, problem);
    step(chain).then(later, (error) => later(error.stack || error));
  });

// Calls `step`, which returns what is wrong, as often as it can in some milliseconds, again and again: an interrupt then
// comes in the middle of it.
exports.burst = (kind, step) => {
  if (!isWanted(kind)) return;
  done.set(kind, 0);
  bursts.push({ kind, step });
  if (bursts.length === 1) setImmediate(turn, 0);
};

const turn = (number) => {
  if (isResting() || performance.now() % PERIOD_MILLISECONDS > PERIOD_MILLISECONDS / 2) {
    setTimeout(turn, 20, number);
    return;
  }
  for (let more = 0; more < BURSTS_IN_A_ROW; more++) run(bursts[(number + more) % bursts.length]);
  setImmediate(turn, number + BURSTS_IN_A_ROW);
};

const run = ({ kind, step }) => {
  // None of these may run before this function has returned.
  let intruder;
  Promise.resolve().then(() => (intruder = 'a microtask'));
  process.nextTick(() => (intruder = intruder || 'a nextTick'));
  const end = performance.now() + BURST_MILLISECONDS;
  let problem;
  do {
    try {
      problem = step();
    } catch (error) {
      problem = error.stack;
    }
    count(kind);
    if (problem) fail(kind, problem);
    if (intruder) fail('run to completion', `${intruder} ran in the middle of ${kind}`);
  } while (!intruder && performance.now() < end);
};
done.set('run to completion', 0);
done.set('AsyncLocalStorage', 0);

exports.report = () => {
  // Each of the calls has checked these two.
  const calls = [...done].filter(([kind]) => kind !== 'AsyncLocalStorage' && kind !== 'run to completion');
  const sum = calls.reduce((total, [, number]) => total + number, 0);
  done.set('AsyncLocalStorage', sum);
  done.set('run to completion', sum);
  return { done: Object.fromEntries(done), wrong: Object.fromEntries(wrong) };
};

// A directory of this process's own, gone with it.
exports.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'checks-'));
process.on('exit', () => fs.rmSync(exports.directory, { recursive: true, force: true }));

let files = 0;
exports.newPath = () => path.join(exports.directory, `file-${++files}`);

// Bytes that are known by their number and length.
exports.content = (number, length) => {
  const block = Buffer.from(`${number}:${length};`);
  return Buffer.alloc(length, block);
};

// What a call with a callback is given: ends with its error, or with what `judge` says of its value.
exports.judged = (over, judge) => (error, value) => over(error ? error.message : judge(value));

// Calls `late` after many turns of the event loop that take so many seconds in all: a pause, in which no event can come,
// counts as one turn. Returns what ends the wait.
exports.waitFor = (seconds, late) => {
  let left = seconds;
  const timer = setInterval(() => {
    if (--left > 0) return;
    clearInterval(timer);
    late();
  }, 1_000);
  return () => clearInterval(timer);
};

// What differs, in words.
exports.differs = (what, got, expected) => (got === expected ? undefined : `${what} is ${show(got)}, not ${show(expected)}`);

exports.differsInBytes = (what, got, expected) => {
  if (Buffer.compare(got, expected) === 0) return undefined;
  return `${what}: ${got.length} bytes ${got.subarray(0, 20)}…, not ${expected.length} bytes ${expected.subarray(0, 20)}…`;
};

const show = (value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value));
