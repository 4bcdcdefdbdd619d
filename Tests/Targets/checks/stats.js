'use strict';
// Everything about files that Node hands over in its shared arrays: stat of all forms, and statfs.
const fs = require('fs');
const { burst, content, differs, judged, newPath, repeat, repeatAsync } = require('../support/checks');

// Not `blocks`, which a file system may set later; not `atime`.
const common = ['dev', 'ino', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'size', 'blksize'];
const times = { plain: ['mtimeMs', 'ctimeMs', 'birthtimeMs'], big: ['mtimeNs', 'ctimeNs', 'birthtimeNs'] };
const big = { bigint: true };

const entries = [1, 4_096, 60_000, 1_234_567].map((size, number) => {
  const file = newPath();
  fs.writeFileSync(file, content(number, size));
  return { file, fd: fs.openSync(file, 'r') };
});
const directory = newPath();
fs.mkdirSync(directory);
entries.push({ file: directory, fd: fs.openSync(directory, 'r') });
const link = newPath();
fs.symlinkSync(entries[2].file, link);
for (const entry of entries) {
  entry.plain = fs.statSync(entry.file);
  entry.big = fs.statSync(entry.file, big);
}
const linkStats = { plain: fs.lstatSync(link), big: fs.lstatSync(link, big) };

const differ = (form, got, expected) => {
  for (const field of [...common, ...times[form]]) {
    const problem = differs(`${field} of ${expected[form].size} bytes`, got[field], expected[form][field]);
    if (problem) return problem;
  }
  return undefined;
};
const any = () => entries[Math.floor(Math.random() * entries.length)];
const judge = (form, entry, over) => judged(over, (stats) => differ(form, stats, entry));

// The bug that this was written for needs calls that are under way all the time.
repeat('fs.stat', 40, (over) => {
  const entry = any();
  fs.stat(entry.file, judge('plain', entry, over));
});
repeat('fs.stat bigint', 20, (over) => {
  const entry = any();
  fs.stat(entry.file, big, judge('big', entry, over));
});
repeat('fs.lstat', 5, (over) => fs.lstat(link, judge('plain', linkStats, over)));
repeat('fs.lstat bigint', 5, (over) => fs.lstat(link, big, judge('big', linkStats, over)));
repeat('fs.fstat', 5, (over) => {
  const entry = any();
  fs.fstat(entry.fd, judge('plain', entry, over));
});
repeat('fs.fstat bigint', 5, (over) => {
  const entry = any();
  fs.fstat(entry.fd, big, judge('big', entry, over));
});
repeat('fs.stat of nothing', 5, (over) => fs.stat(`${link}-none`, (error) => over(differs('code', error && error.code, 'ENOENT'))));
repeatAsync('fs.promises.stat', 10, async () => {
  const entry = any();
  return differ('plain', await fs.promises.stat(entry.file), entry);
});
repeatAsync('fs.promises.stat bigint', 5, async () => {
  const entry = any();
  return differ('big', await fs.promises.stat(entry.file, big), entry);
});
repeatAsync('fs.promises.lstat', 5, async () => differ('plain', await fs.promises.lstat(link), linkStats));
repeatAsync('FileHandle.stat', 5, async () => {
  const entry = any();
  const handle = await fs.promises.open(entry.file);
  try {
    return differ('plain', await handle.stat(), entry);
  } finally {
    await handle.close();
  }
});

burst('fs.statSync', () => {
  const entry = any();
  return differ('plain', fs.statSync(entry.file), entry) || differ('plain', fs.fstatSync(entry.fd), entry);
});
burst('fs.statSync bigint', () => {
  const entry = any();
  return differ('big', fs.statSync(entry.file, big), entry) || differ('big', fs.fstatSync(entry.fd, big), entry);
});
burst('fs.lstatSync', () => differ('plain', fs.lstatSync(link), linkStats) || differ('big', fs.lstatSync(link, big), linkStats));
burst('fs.existsSync', () => differs('exists', fs.existsSync(link), true) || differs('none', fs.existsSync(`${link}-none`), false));

// Node 18.15 and newer.
if (fs.statfs) {
  const known = fs.statfsSync(directory);
  const constant = ({ type, bsize, blocks }) => `type ${type}, ${blocks} blocks of ${bsize}`;
  const differInKind = (got) => differs('statfs', constant(got), constant(known));
  repeat('fs.statfs', 10, (over) => fs.statfs(directory, judged(over, (got) => differInKind(got))));
  repeatAsync('fs.promises.statfs', 5, async () => differInKind(await fs.promises.statfs(directory)));
  burst('fs.statfsSync', () => differInKind(fs.statfsSync(directory)));
}
