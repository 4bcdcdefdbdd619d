'use strict';
// A snapshot with numbers' values, and no internals.
const { cannot, snapshot } = require('./support/snapshot');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 18 || (major === 18 && minor < 13)) cannot('writeHeapSnapshot takes no options');

const held = Array.from({ length: 2000 }, (_, i) => ({ i, half: i + 0.5, list: [i, -i, i / 7], text: `${i % 10}` }));
snapshot(held, { options: { exposeNumericValues: true } });
