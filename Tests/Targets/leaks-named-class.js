'use strict';
// A server that holds exactly N instances of LeakedSession, each with one LeakedToken.
// Usage: leaks-named-class.js [N]      (1234 when not given)
const instances = Number(process.argv[2] || 1234);

class LeakedToken {}

class LeakedSession {
  constructor(id) {
    this.id = id;
    this.token = new LeakedToken();
  }
}

global.sessions = Array.from({ length: instances }, (_, id) => new LeakedSession(id));
require('./support/target').serve({}, { instances });
