'use strict';
// Many calls at a time whose results Node brings in arrays that they share; each result is checked. `GET /wrong` tells.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { serve } = require('./support/target');

const root = fs.statSync('/', { bigint: true });
const block = Buffer.from(Array.from({ length: 60000 }, (_, index) => index % 251));
const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'checks-file-results-')), 'block');
fs.writeFileSync(file, block);
const counts = { stat: 0, bigint: 0, read: 0 };
const wrong = [];

const describe = (value) => JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? `${field}` : field)).slice(0, 200);
const isRoot = (status) => status.isDirectory() && BigInt(status.ino) === root.ino;
const check = (kind, isRight, again) => (error, value) => {
  counts[kind]++;
  if (error || !isRight(value)) wrong.push(`${kind}: ${error ?? describe(value)}`);
  again();
};
const stat = () => fs.stat('/', check('stat', isRoot, stat));
const statBig = () => fs.stat('/', { bigint: true }, check('bigint', isRoot, statBig));
const read = () => fs.readFile(file, check('read', (bytes) => bytes.equals(block), read));

for (let i = 0; i < 40; i++) stat();
for (let i = 0; i < 8; i++) statBig();
for (let i = 0; i < 4; i++) read();
process.on('exit', () => fs.rmSync(path.dirname(file), { recursive: true, force: true }));
serve({ '/wrong': () => JSON.stringify(wrong), '/counts': () => JSON.stringify(counts) });
