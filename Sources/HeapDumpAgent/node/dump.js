'use strict';
// One snapshot: its file, and the children that write it.
const os = require('os');
const path = require('path');
const { writeHeapSnapshot } = require('v8');

const agent = require('./agent');
const { forkError, outcomeError, toText, writeError } = require('./errors');
const { SnapshotFile } = require('./snapshot-file');

// Seconds of the wall clock: how long a child may sleep without using the processor, and how long it may take in all.
const limits = { attempts: 4, stallSeconds: 5, watchdogSeconds: 4 * 3600 };

class Dump {
  // As the callback is told.
  filename;
  #mayReplace;
  #directory;
  #file;
  #write;
  // The agent keeps its `pid` up to date; undefined when all is over.
  #child;

  constructor(filename) {
    this.filename = filename ?? agent.defaultName();
    this.#mayReplace = filename != null;
    // That of the call: the application may have changed it when the turn comes. An absolute name needs none, and the
    // process may have none.
    this.#directory = path.isAbsolute(this.filename) ? '/' : this.#workingDirectory();
  }

  #workingDirectory() {
    try {
      return process.cwd();
    } catch {
      return '.';
    }
  }

  // Throws what the callback is to be told; else `end` is called once, with an Error or null.
  begin(end) {
    try {
      this.#file = this.#open();
    } catch (error) {
      throw writeError(error);
    }
    const file = this.#file;
    this.#write = (descriptorPath) => {
      try {
        writeHeapSnapshot(descriptorPath);
        file.complete();
      } catch (error) {
        throw toText(error);
      }
    };
    const child = agent.fork({ ...limits, file: file.fd, waits: true }, this.#write, (outcome) => {
      this.#child = undefined;
      end(this.#close(outcomeError(outcome, () => file.isComplete())));
    });
    if (child.errno) throw this.#close(forkError(child));
    this.#child = child;
  }

  #open() {
    while (true) {
      const target = this.filename === '' ? '' : path.resolve(this.#directory, this.filename);
      try {
        return new SnapshotFile(target, this.#mayReplace);
      } catch (error) {
        // Processes that get a signal at the same time choose the same default name now and then.
        if (error.code !== 'EEXIST' || this.#mayReplace) throw error;
        this.filename = agent.defaultName();
      }
    }
  }

  #close(error) {
    if (error) this.#file.discard();
    this.#file.close();
    return error;
  }

  // The thread ends. A child goes on without it; where none was forked yet, there is time for a few more looks for a calm
  // moment, of some milliseconds each.
  leave() {
    if (!this.#child || this.#child.pid) return;
    const looks = 20;
    for (let look = 1; look <= looks; look++) {
      const child = agent.fork({ ...limits, file: this.#file.fd, force: look === looks }, this.#write);
      if (!child.errno) return;
      if (child.errno !== os.constants.errno.EBUSY) break;
    }
    this.#file.discard();
  }
}

exports.Dump = Dump;
