'use strict';
// What is in files.
const fs = require('fs');
const path = require('path');
const { pipeline, Writable } = require('stream');
const { burst, content, differs, differsInBytes, judged, newPath, repeat, repeatAsync } = require('../support/checks');

// 60,000 is more than one small read, and less than one large.
const sizes = [0, 1, 4_096, 34_080, 60_000, 60_000, 60_000, 200_000, 1_000_000];
const entries = sizes.map((size, number) => {
  const file = newPath();
  const bytes = content(number, size);
  fs.writeFileSync(file, bytes);
  return { file, bytes, text: bytes.toString() };
});
const any = () => entries[Math.floor(Math.random() * entries.length)];

repeat('fs.readFile', 20, (over) => {
  const { file, bytes } = any();
  fs.readFile(file, judged(over, (got) => differsInBytes('content', got, bytes)));
});
repeat('fs.readFile utf8', 5, (over) => {
  const { file, text } = any();
  fs.readFile(file, 'utf8', judged(over, (got) => differs('length', got.length, text.length) || (got === text ? undefined : 'other text')));
});
repeatAsync('fs.promises.readFile', 10, async () => {
  const { file, bytes } = any();
  return differsInBytes('content', await fs.promises.readFile(file), bytes);
});
burst('fs.readFileSync', () => {
  const { file, bytes } = any();
  return differsInBytes('content', fs.readFileSync(file), bytes);
});
burst('fs.readFileSync utf8', () => {
  const { file, text } = entries[3];
  return differs('text', fs.readFileSync(file, 'utf8'), text);
});

repeat('fs.writeFile', 3, (over, chain) => {
  const file = path.join(place, `written-${chain}`);
  const bytes = content(chain, Math.floor(Math.random() * 100_000));
  fs.writeFile(file, bytes, (failure) => {
    if (failure) over(failure.message);
    else fs.readFile(file, judged(over, (got) => differsInBytes('content', got, bytes)));
  });
});
repeatAsync('fs.promises.writeFile', 3, async (chain) => {
  const file = path.join(place, `promised-${chain}`);
  const bytes = content(chain, Math.floor(Math.random() * 100_000));
  await fs.promises.writeFile(file, bytes);
  await fs.promises.appendFile(file, 'end');
  return differsInBytes('content', await fs.promises.readFile(file), Buffer.concat([bytes, Buffer.from('end')]));
});
burst('fs.writeFileSync', () => {
  const file = path.join(place, 'written-at-once');
  fs.writeFileSync(file, entries[4].bytes);
  return differsInBytes('content', fs.readFileSync(file), entries[4].bytes);
});

const place = newPath();
fs.mkdirSync(place);

repeat('fs.open, read, close', 5, (over) => {
  const { file, bytes } = entries[4];
  const start = Math.floor(Math.random() * 50_000);
  fs.open(file, 'r', (failure, fd) => {
    if (failure) return over(failure.message);
    const buffer = Buffer.alloc(20_000);
    return fs.read(fd, buffer, 0, buffer.length, start, (error, count) => {
      const expected = bytes.subarray(start, start + buffer.length);
      fs.close(fd, () => over(error ? error.message : differsInBytes(`read at ${start}`, buffer.subarray(0, count), expected)));
    });
  });
});
burst('fs.openSync, readSync, closeSync', () => {
  const { file, bytes } = entries[4];
  const fd = fs.openSync(file);
  const buffer = Buffer.alloc(20_000);
  const count = fs.readSync(fd, buffer, 0, buffer.length, 1_000);
  fs.closeSync(fd);
  return differsInBytes('content', buffer.subarray(0, count), bytes.subarray(1_000, 21_000));
});
repeatAsync('fs.copyFile, rename, unlink', 2, async (chain) => {
  const [one, other] = [path.join(place, `copy-${chain}`), path.join(place, `renamed-${chain}`)];
  await fs.promises.copyFile(entries[4].file, one);
  await fs.promises.rename(one, other);
  const got = await fs.promises.readFile(other);
  await fs.promises.unlink(other);
  return differsInBytes('content', got, entries[4].bytes) || differs('exists', fs.existsSync(other), false);
});
repeat('fs.createReadStream', 3, (over) => {
  const chunks = [];
  const keep = new Writable({ write: (chunk, _, next) => next(void chunks.push(chunk)) });
  const { file, bytes } = any();
  pipeline(fs.createReadStream(file), keep, judged(over, () => differsInBytes('content', Buffer.concat(chunks), bytes)));
});
