'use strict';
// What Node says of files that change.
const { AsyncResource } = require('async_hooks');
const fs = require('fs');
const path = require('path');
const { differs, fail, newPath, repeat } = require('../support/checks');

const PATIENCE_MILLISECONDS = 20_000;

const place = newPath();
fs.mkdirSync(place);
const awaited = new Map();
let files = 0;
let watcher;

repeat('fs.watch', 3, (over) => {
  watcher = watcher || fs.watch(place, { persistent: false }, (_, name) => see(name));
  const name = `watched-${++files}`;
  const timer = setTimeout(over, PATIENCE_MILLISECONDS, `no event of ${name}`);
  // All events come in the context in which the watch began.
  const tell = () => {
    clearTimeout(timer);
    over();
  };
  awaited.set(name, AsyncResource.bind(tell, 'watched file'));
  fs.writeFile(path.join(place, name), name, () => {});
});
const see = (name) => {
  const tell = awaited.get(name);
  if (!/^watched-\d+$/.test(name)) fail('fs.watch', `an event of ${name}, which nobody wrote`);
  awaited.delete(name);
  // A later change of the same file is none of ours.
  if (!tell) return;
  fs.unlink(path.join(place, name), tell);
};

// Each look of it is a stat, by the shared array for plain numbers or for big ones.
for (const bigint of [false, true]) {
  const kind = bigint ? 'fs.watchFile bigint' : 'fs.watchFile';
  const file = newPath();
  fs.writeFileSync(file, '');
  const { ino } = fs.statSync(file, { bigint });
  let size = 0;
  let tell;
  repeat(kind, 1, (over) => {
    if (size === 0) fs.watchFile(file, { interval: 10, bigint, persistent: false }, (now, before) => changed(now, before));
    size++;
    const expected = bigint ? BigInt(size) : size;
    const timer = setTimeout(over, PATIENCE_MILLISECONDS, `no event at ${size} bytes`);
    const see = (now) => {
      if (now.size < expected) return;
      tell = undefined;
      clearTimeout(timer);
      over(differs('size', now.size, expected));
    };
    tell = AsyncResource.bind(see, 'watched file');
    fs.appendFile(file, '.', () => {});
  });
  const changed = (now, before) => {
    const isChange = ['size', 'mtimeMs', 'ctimeMs'].some((field) => now[field] !== before[field]);
    const problem = differs('inode', now.ino, ino) || differs('changed', isChange, true);
    if (problem) fail(kind, problem);
    if (tell) tell(now);
  };
}
