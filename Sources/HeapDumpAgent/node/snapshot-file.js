'use strict';
// The file that a snapshot is written to: never half a snapshot under the name that was asked for, if it can be helped.
const fs = require('fs');
const path = require('path');
const { threadId } = require('worker_threads');

const { notRegular, incomplete } = require('./errors');

// Snapshots hold secrets.
const mode = 0o600;
// More than is left of a last block.
const probe = 64 << 10;

const isSame = (one, other) => one.dev === other.dev && one.ino === other.ino;

class SnapshotFile {
  #target;
  // Where it is until it is whole.
  #place;

  // Throws what fs throws: EEXIST too, where `mayReplace` is false.
  constructor(target, mayReplace) {
    this.#target = this.#place = target;
    try {
      this.fd = fs.openSync(target, 'wx+', mode);
    } catch (error) {
      if (error.code !== 'EEXIST' || !mayReplace) throw error;
      this.#openBeside(error);
    }
    // Whatever the umask is: the child opens it once more.
    fs.fchmodSync(this.fd, mode);
  }

  #openBeside(reason) {
    const status = fs.lstatSync(this.#target);
    if (!status.isFile()) throw notRegular(this.#target, status, reason);
    const name = `.heapdump-${process.pid}-${threadId}-${process.hrtime.bigint()}.heapsnapshot`;
    this.#place = path.join(path.dirname(this.#target), name);
    this.fd = fs.openSync(this.#place, 'wx+', mode);
  }

  // In the child, when V8 has written all of it: the application may end before its child does.
  // Throws where it is not whole, which Node 18 says nothing of.
  complete() {
    if (!this.#isWhole()) this.#failAsWritingDid();
    try {
      fs.fsyncSync(this.fd);
    } catch (error) {
      // Some file systems have nothing to do there.
      if (error.code !== 'EINVAL') throw error;
    }
    if (this.#place !== this.#target) fs.renameSync(this.#place, this.#target);
  }

  // Whether a child has done that, for where nobody knows how it ended.
  isComplete() {
    try {
      return this.#isWhole() && isSame(fs.lstatSync(this.#target), fs.fstatSync(this.fd));
    } catch {
      return false;
    }
  }

  #isWhole() {
    const { size } = fs.fstatSync(this.fd);
    const end = Buffer.alloc(Math.min(size, 16));
    fs.readSync(this.fd, end, 0, end.length, size - end.length);
    return end.toString('latin1').trimEnd().endsWith(']}');
  }

  #failAsWritingDid() {
    const { size } = fs.fstatSync(this.fd);
    fs.writeSync(this.fd, Buffer.alloc(probe), 0, probe, size);
    throw incomplete(size);
  }

  // Removes what is not whole, and nothing that others have put in its place.
  discard() {
    try {
      if (isSame(fs.lstatSync(this.#place), fs.fstatSync(this.fd))) fs.unlinkSync(this.#place);
    } catch {
      // The first failure is the one to be told.
    }
  }

  close() {
    fs.closeSync(this.fd);
  }
}

exports.SnapshotFile = SnapshotFile;
