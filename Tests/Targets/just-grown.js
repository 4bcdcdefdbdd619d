'use strict';
// A server that says it is ready in the very moment in which its heap has grown: V8 is about to mark it, or marks it already.
// Usage: just-grown.js [OBJECTS]      (100000 when not given; 200 bytes each)
const { serve } = require('./support/target');

class KnownObject {
  constructor(number) {
    this.number = number;
    this.next = { of: this, position: [number] };
  }
}

const count = Number(process.argv[2] || 100000);
const known = [];
global.known = known;
// The first answer of the server's own is a turn of the event loop away, in which V8 may come to rest: so it grows last.
serve({}, {
  get known() {
    while (known.length < count) known.push(new KnownObject(known.length));
    return count;
  },
});
