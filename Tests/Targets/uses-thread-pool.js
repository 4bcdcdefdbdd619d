'use strict';
// A server that keeps libuv's thread pool busy with files, names and keys, and asks a DNS server by UDP.
const crypto = require('crypto');
const dgram = require('dgram');
const dns = require('dns');
const fs = require('fs');
const { repeat, run } = require('./support/stress');

let pending = 0;
// What was wrong, in words.
const wrong = [];
const expecting = (what, isRight) => {
  pending++;
  return (error, value) => {
    pending--;
    if (!isRight(error, value)) wrong.push(`${what}: ${error ? error.code || error.message : String(value).slice(0, 40)}`);
  };
};
const own = fs.readFileSync(__filename, 'utf8');
const key = crypto.pbkdf2Sync('password', 'salt', 500, 32, 'sha1').toString('hex');

// Answers that there is no such name: the question, with the bits of an answer.
const nameServer = dgram.createSocket('udp4', (question, sender) => {
  const answer = Buffer.from(question);
  answer[2] |= 0x80;
  answer[3] = (answer[3] & 0xf0) | 3;
  nameServer.send(answer, sender.port, sender.address);
});
const resolver = new dns.Resolver();

const ask = () => {
  if (pending > 50) return;
  for (let i = 0; i < 3; i++) {
    fs.readFile(__filename, 'utf8', expecting('readFile', (error, text) => text === own));
    fs.stat('/', expecting('stat', (error, status) => status && status.isDirectory()));
    crypto.pbkdf2('password', 'salt', 500, 32, 'sha1', expecting('pbkdf2', (error, value) => value && value.toString('hex') === key));
  }
  dns.lookup('localhost', expecting('lookup', (error, address) => Boolean(address)));
  resolver.resolve4('name.invalid', expecting('resolve4', (error) => error && error.code === 'ENOTFOUND'));
};

nameServer.bind(0, '127.0.0.1', () => {
  resolver.setServers([`127.0.0.1:${nameServer.address().port}`]);
  repeat(ask, 5);
  run({ facts: () => ({ pending, wrong }) });
});
