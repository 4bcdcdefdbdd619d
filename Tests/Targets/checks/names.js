'use strict';
// Names: the machine's own, and those of a name server in this process.
const dgram = require('dgram');
const dns = require('dns');
const { differs, judged, repeat, repeatAsync } = require('../support/checks');

const TYPE_A = 1;
const NO_SUCH_NAME = 3;

// `a-b-c-d.test` has the address a.b.c.d; every other name does not exist.
const answer = (question) => {
  const labels = [];
  let position = 12;
  for (let length; (length = question[position]); position += length + 1) {
    labels.push(question.toString('latin1', position + 1, position + 1 + length));
  }
  const end = position + 5;
  const bytes = Buffer.from(question.subarray(0, end));
  const parts = labels[0].split('-').map(Number);
  bytes[2] |= 0x80;
  // Without the other sections, such as options.
  bytes.fill(0, 6, 12);
  if (parts.length !== 4 || parts.some(Number.isNaN) || question.readUInt16BE(position + 1) !== TYPE_A) {
    bytes[3] = (bytes[3] & 0xf0) | NO_SUCH_NAME;
    return bytes;
  }
  bytes[7] = 1;
  return Buffer.concat([bytes, Buffer.from([0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...parts])]);
};
const server = dgram.createSocket('udp4', (question, sender) => server.send(answer(question), sender.port, sender.address));

const anyAddress = () => [10, 0, 0, 0].map((part) => part || Math.floor(Math.random() * 256)).join('.');
const nameOf = (address) => `${address.replace(/\./g, '-')}.test`;

module.exports = async () => {
  await new Promise((resolve) => server.bind(0, '127.0.0.1', resolve));
  const servers = [`127.0.0.1:${server.address().port}`];

  const resolver = new dns.Resolver();
  resolver.setServers(servers);
  repeat('dns.Resolver', 5, (over) => {
    const address = anyAddress();
    resolver.resolve4(nameOf(address), judged(over, (got) => differs('addresses', got.join(), address)));
  });
  repeat('dns.Resolver of nothing', 2, (over) => {
    resolver.resolve4('none.test', (error) => over(differs('code', error && error.code, 'ENOTFOUND')));
  });

  const promised = new dns.promises.Resolver();
  promised.setServers(servers);
  repeatAsync('dns.promises.Resolver', 3, async () => {
    const address = anyAddress();
    return differs('addresses', (await promised.resolve4(nameOf(address))).join(), address);
  });

  const localhost = ['127.0.0.1', '::1'];
  repeat('dns.lookup', 3, (over) => {
    dns.lookup('localhost', judged(over, (address) => differs(address, localhost.includes(address), true)));
  });
  repeatAsync('dns.promises.lookup', 2, async () => {
    const { address, family } = await dns.promises.lookup('localhost');
    return differs(`${address} of ${family}`, address === localhost[family === 4 ? 0 : 1], true);
  });
  // Some machines know no name of it.
  repeat('dns.lookupService', 1, (over) => {
    dns.lookupService('127.0.0.1', 22, (error, host) => {
      over(error ? differs('code', error.code, 'ENOTFOUND') : differs('host', typeof host, 'string'));
    });
  });
};
