'use strict';
// What the programs of this directory share. Each gets the add-on's directory as its first argument, and prints a JSON
// object a line.
const fs = require('fs');

class AddonMarker {}

// Instances of a class whose number a snapshot has to tell.
exports.hold = (count) => (global.markers = Array.from({ length: Number(count) }, () => new AddonMarker()));

exports.say = (facts) => fs.writeSync(1, `${JSON.stringify(facts)}\n`);

exports.sayEnd = (error, filename) => {
  const facts = error
    ? { error: error.message, code: error.code, errno: error.errno, isError: error instanceof Error }
    : { error };
  exports.say({ ...facts, filename });
};

// A thread or a process may end while it is looked at.
const orNothing = (read) => {
  try {
    return read();
  } catch {
    return '';
  }
};

const list = (directory, read) => fs.readdirSync(directory).map((name) => orNothing(() => read(`${directory}/${name}`)));
const texts = (name) => list('/proc/self/task', (task) => fs.readFileSync(`${task}/${name}`, 'utf8'));

const children = () => texts('children').join(' ').split(/\s+/).filter(Boolean).map(Number);

// Those that write snapshots, and have got so far as to do it.
exports.forks = () =>
  children().filter((pid) => orNothing(() => fs.readFileSync(`/proc/${pid}/comm`, 'utf8')).startsWith('heapdump-fork'));

// Node's own threads, pipes and event descriptors come and go; the add-on's files, pidfds and threads must go.
const look = () => ({
  descriptors: list('/proc/self/fd', fs.readlinkSync).filter((link) => /^\/(?!proc|dev)|pidfd/.test(link)).length,
  threads: texts('comm').filter((name) => name.startsWith('heapdump')).length,
  children: children().length,
});
const before = look();

// The thread that awaited the child ends a moment after it has said so.
exports.sayWhatIsLeft = (deadline = Date.now() + 60_000) => {
  const left = Object.fromEntries(Object.entries(look()).map(([what, count]) => [what, count - before[what]]));
  if (Object.values(left).some((count) => count > 0) && Date.now() < deadline) {
    setTimeout(exports.sayWhatIsLeft, 10, deadline);
  } else exports.say({ left });
};
