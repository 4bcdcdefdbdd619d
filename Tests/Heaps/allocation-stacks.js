'use strict';
// A snapshot that knows the stack that allocated each object.
const { recorded } = require('./support/recorded');

class Order { constructor(id) { this.id = id; this.lines = [{ id }]; } }
const inner = (id) => new Order(id);
const outer = (id) => [inner(id), new Map([[id, {}]])];
recorded(() => Array.from({ length: 3000 }, (_, id) => (id % 2 ? outer(id) : inner(id))), { trackAllocations: true });
