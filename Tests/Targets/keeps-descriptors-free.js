'use strict';
// A server that has opened /dev/null until as many descriptors are free as the first argument says: one that leaks files.
const fs = require('fs');
const { serve } = require('./support/target');

const free = Number(process.argv[2]);
serve();
process.nextTick(() => {
  const open = [];
  try {
    for (;;) open.push(fs.openSync('/dev/null', 'r'));
  } catch {}
  // One more for the connection of whoever asks whether it lives.
  for (let i = 0; i < free + 1; i++) fs.closeSync(open.pop());
});
