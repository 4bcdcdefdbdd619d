'use strict';
// How the program's own children end, and what they say.
const { execFile, spawn, spawnSync } = require('child_process');
const { burst, content, differs, differsInBytes, judged, repeat } = require('../support/checks');

const sh = (...rest) => ['sh', ['-c', ...rest]];

repeat('child_process.spawn', 1, (over) => {
  const status = Math.floor(Math.random() * 100);
  const child = spawn(...sh(`exit ${status}`));
  child.on('error', (error) => over(error.message));
  child.on('close', (code, signal) => over(differs('exit status', code, status) || differs('signal', signal, null)));
});
repeat('child_process.kill', 1, (over) => {
  const child = spawn('sleep', ['60']);
  child.on('close', (code, signal) => over(differs('exit status', code, null) || differs('signal', signal, 'SIGTERM')));
  child.kill();
});
repeat('pipes of a child', 1, (over) => {
  const sent = content(1, Math.floor(Math.random() * 100_000));
  const child = spawn('cat');
  const got = [];
  child.stdout.on('data', (chunk) => got.push(chunk));
  child.on('close', (code) => over(differs('exit status', code, 0) || differsInBytes('output', Buffer.concat(got), sent)));
  child.stdin.end(sent);
});
repeat('child_process.execFile', 1, (over) => execFile('echo', ['word'], judged(over, (text) => differs('output', text, 'word\n'))));
burst('child_process.spawnSync', () => {
  const { status, stdout, stderr } = spawnSync(...sh('echo out; echo err >&2; exit 7'));
  return differs('status', status, 7) || differs('output', `${stdout}${stderr}`, 'out\nerr\n');
});
