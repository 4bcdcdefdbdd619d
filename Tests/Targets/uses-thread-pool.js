'use strict';
// A server that keeps libuv's thread pool busy with files, names and keys, and asks a DNS server by UDP.
const crypto = require('crypto');
const dgram = require('dgram');
const dns = require('dns');
const fs = require('fs');
const { repeat, run } = require('./support/stress');

let pending = 0;
let wrong = 0;
const expecting = (isRight) => {
  pending++;
  return (error, value) => {
    pending--;
    if (!isRight(error, value)) wrong++;
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
    fs.readFile(__filename, 'utf8', expecting((error, text) => text === own));
    fs.stat('/', expecting((error, status) => status && status.isDirectory()));
    crypto.pbkdf2('password', 'salt', 500, 32, 'sha1', expecting((error, value) => value && value.toString('hex') === key));
  }
  dns.lookup('localhost', expecting((error, address) => Boolean(address)));
  resolver.resolve4('name.invalid', expecting((error) => error && error.code === 'ENOTFOUND'));
};

nameServer.bind(0, '127.0.0.1', () => {
  resolver.setServers([`127.0.0.1:${nameServer.address().port}`]);
  repeat(ask, 5);
  run({ facts: () => ({ pending, wrong }) });
});
