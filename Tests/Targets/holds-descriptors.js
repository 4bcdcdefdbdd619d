'use strict';
// A server that holds descriptors, as one does that forgets to close them.
// Usage: holds-descriptors.js [DESCRIPTORS] [KNOWN-OBJECTS]      (200 and 1000 when not given)
const fs = require('fs');
const { serve } = require('./support/target');

class KnownObject {
  constructor(number) {
    this.number = number;
  }
}

const known = Number(process.argv[3] || 1000);
global.known = Array.from({ length: known }, (_, number) => new KnownObject(number));
global.descriptors = Array.from({ length: Number(process.argv[2] || 200) }, () => fs.openSync('/dev/null'));
serve({}, { known });
