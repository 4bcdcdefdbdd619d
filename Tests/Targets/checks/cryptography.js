'use strict';
// Keys, hashes, signatures and random bytes.
const crypto = require('crypto');
const { burst, differs, differsInBytes, judged, repeat, repeatAsync } = require('../support/checks');

const text = Buffer.from('what is signed');
const keys = crypto.generateKeyPairSync('ed25519');
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
const hashOf = (name) => crypto.createHash(name).update(text).digest('hex');
const known = { sha1: hashOf('sha1'), sha256: hashOf('sha256'), md5: hashOf('md5') };

const derived = crypto.pbkdf2Sync('password', 'salt', 500, 32, 'sha1');
repeat('crypto.pbkdf2', 3, (over) =>
  crypto.pbkdf2('password', 'salt', 500, 32, 'sha1', judged(over, (key) => differsInBytes('key', key, derived))),
);
burst('crypto.pbkdf2Sync', () => differsInBytes('key', crypto.pbkdf2Sync('password', 'salt', 500, 32, 'sha1'), derived));

const cost = { N: 256 };
const scrypted = crypto.scryptSync('password', 'salt', 32, cost);
repeat('crypto.scrypt', 2, (over) =>
  crypto.scrypt('password', 'salt', 32, cost, judged(over, (key) => differsInBytes('key', key, scrypted))),
);
burst('crypto.scryptSync', () => differsInBytes('key', crypto.scryptSync('password', 'salt', 32, cost), scrypted));

const judgeRandom = (bytes, size) =>
  differs('size', bytes.length, size) || (size > 15 && bytes.every((byte) => byte === bytes[0]) ? `${size} equal bytes` : undefined);
const anySize = () => Math.floor(Math.random() * 70_000);
repeat('crypto.randomBytes', 3, (over) => {
  const size = anySize();
  crypto.randomBytes(size, judged(over, (bytes) => judgeRandom(bytes, size)));
});
burst('crypto.randomBytesSync', () => {
  const size = anySize() % 100;
  return judgeRandom(crypto.randomBytes(size), size);
});
burst('crypto.randomInt, randomUUID', () => {
  const number = crypto.randomInt(7);
  const uuid = crypto.randomUUID();
  return differs(`${number}`, number >= 0 && number < 7, true) || differs(uuid, uuid.length === 36 && uuid[14] === '4', true);
});

repeat('crypto.sign, verify', 2, (over) =>
  crypto.sign(null, text, keys.privateKey, (failure, signature) => {
    if (failure) return over(failure.message);
    return crypto.verify(null, text, keys.publicKey, signature, judged(over, (isRight) => differs('signature', isRight, true)));
  }),
);
burst('crypto.sign, verify Sync', () => {
  const signature = crypto.sign(null, text, keys.privateKey);
  const isRight = crypto.verify(null, text, keys.publicKey, signature);
  signature[3] ^= 1;
  return differs('right', isRight, true) || differs('wrong', crypto.verify(null, text, keys.publicKey, signature), false);
});
burst('crypto.createSign', () => {
  const signature = crypto.createSign('sha256').update(text).sign(rsa.privateKey);
  return differs('right', crypto.createVerify('sha256').update(text).verify(rsa.publicKey, signature), true);
});
burst('crypto.createHash', () => {
  for (const [name, value] of Object.entries(known)) {
    const problem = differs(name, hashOf(name), value);
    if (problem) return problem;
  }
  return undefined;
});
burst('crypto.createCipheriv', () => {
  const [key, iv] = [crypto.randomBytes(32), crypto.randomBytes(12)];
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
  const secret = Buffer.concat([cipher.update(text), cipher.final()]);
  const decipher = crypto.createDecipheriv('aes-256-gcm', key, iv).setAuthTag(cipher.getAuthTag());
  return differsInBytes('text', Buffer.concat([decipher.update(secret), decipher.final()]), text);
});
repeatAsync('crypto.subtle.digest', 2, async () => {
  const digest = await crypto.webcrypto.subtle.digest('SHA-256', text);
  return differs('digest', Buffer.from(digest).toString('hex'), known.sha256);
});
repeat('crypto.generateKeyPair', 1, (over) =>
  crypto.generateKeyPair('ec', { namedCurve: 'P-256' }, (error, publicKey, privateKey) => {
    if (error) return over(error.message);
    const signature = crypto.sign('sha256', text, privateKey);
    return over(differs('signature', crypto.verify('sha256', text, publicKey, signature), true));
  }),
);
