'use strict';
// A snapshot with samples: when its objects were allocated.
const { recorded } = require('./support/recorded');

recorded(() => Array.from({ length: 3000 }, (_, id) => ({ id, text: `text ${id % 100}` })), { trackAllocations: false });
