'use strict';
// A server that has loaded a heapdump add-on, holds N instances of AddonMarker, and writes snapshots as node-heapdump
// does, under names that hold no pid.
// Usage: dumps-by-addon.js ADDON N [counts|nothing]
//   counts: SIGUSR2 has a handler, which only counts; nothing: it has none
const [addon, count, mode] = process.argv.slice(2);

class AddonMarker {}

global.markers = Array.from({ length: Number(count) }, () => new AddonMarker());
process.dlopen({ exports: {} }, addon);
let signals = 0;
if (mode !== 'nothing')
  process.on('SIGUSR2', () => {
    signals++;
    if (mode) return;
    const now = process.hrtime.bigint() / 1000n;
    require('v8').writeHeapSnapshot(`heapdump-${now / 1000000n}.${now % 1000000n}.heapsnapshot`);
  });
require('./support/target').serve({ '/signals': () => signals });
