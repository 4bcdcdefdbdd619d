'use strict';
// Names, kinds and rights in directories.
const fs = require('fs');
const path = require('path');
const { burst, differs, judged, newPath, repeat, repeatAsync } = require('../support/checks');

const place = newPath();
fs.mkdirSync(place);
fs.mkdirSync(path.join(place, 'directory'));
fs.writeFileSync(path.join(place, 'file'), 'file', { mode: 0o640 });
fs.symlinkSync('file', path.join(place, 'link'));
const known = 'directory: directory, file: file, link: link';

const kindOf = (entry) => (entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : entry.isFile() ? 'file' : 'else');
const listed = (entries) => entries.map((entry) => `${entry.name}: ${kindOf(entry)}`).sort().join(', ');
const typed = { withFileTypes: true };

repeat('fs.readdir', 5, (over) => fs.readdir(place, typed, judged(over, (entries) => differs('entries', listed(entries), known))));
repeatAsync('fs.promises.readdir', 3, async () => differs('entries', listed(await fs.promises.readdir(place, typed)), known));
burst('fs.readdirSync', () => differs('entries', listed(fs.readdirSync(place, typed)), known));

repeatAsync('fs.promises.opendir', 3, async () => {
  const entries = [];
  for await (const entry of await fs.promises.opendir(place)) entries.push(entry);
  return differs('entries', listed(entries), known);
});
burst('fs.opendirSync', () => {
  const entries = [];
  const directory = fs.opendirSync(place);
  for (let entry; (entry = directory.readSync()); ) entries.push(entry);
  directory.closeSync();
  return differs('entries', listed(entries), known);
});

repeat('fs.mkdtemp', 3, (over) => {
  const prefix = path.join(newPathParent, 'made-');
  fs.mkdtemp(prefix, (failure, made) => {
    if (failure) return over(failure.message);
    const isRight = made.startsWith(prefix) && made.length === prefix.length + 6;
    return fs.rmdir(made, judged(over, () => differs(made, isRight, true)));
  });
});
const newPathParent = path.dirname(place);
burst('fs.mkdtempSync', () => {
  const made = fs.mkdtempSync(path.join(newPathParent, 'at-once-'));
  fs.rmdirSync(made);
  return differs(made, fs.existsSync(made), false);
});

const file = path.join(place, 'file');
repeat('fs.access', 5, (over) => fs.access(file, fs.constants.R_OK, judged(over, () => undefined)));
repeat('fs.access of nothing', 5, (over) => fs.access(`${file}-none`, (error) => over(differs('code', error && error.code, 'ENOENT'))));
burst('fs.accessSync', () => {
  fs.accessSync(file);
  try {
    fs.accessSync(`${file}-none`);
    return 'no error';
  } catch (error) {
    return differs('message', error.message, `ENOENT: no such file or directory, access '${file}-none'`);
  }
});
repeat('fs.realpath', 3, (over) => fs.realpath(path.join(place, 'link'), judged(over, (got) => differs('path', got, real))));
const real = fs.realpathSync(file);
burst('fs.realpathSync', () => differs('path', fs.realpathSync(path.join(place, 'link')), real));
repeat('fs.readlink', 3, (over) => fs.readlink(path.join(place, 'link'), judged(over, (got) => differs('path', got, 'file'))));
burst('fs.readlinkSync', () => differs('path', fs.readlinkSync(path.join(place, 'link')), 'file'));
