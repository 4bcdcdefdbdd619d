'use strict';
// Usage: exits-in-mid-dump.js ADDON MARKERS FILE [exit|end|throw]
const { hold, say } = require('./support');
const [addon, count, file, mode] = process.argv.slice(2);

hold(count);
say({ returned: require(addon).writeSnapshot(file) });
if (mode === 'exit') process.exit(7);
if (mode === 'throw') throw new Error('of the application');
