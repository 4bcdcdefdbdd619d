'use strict';
// A server that opened its inspector itself, on a port of its own choice: it is to stay open.
const inspector = require('inspector');

inspector.open(0, '127.0.0.1');
require('./support/target').serve({ '/inspector': () => inspector.url() }, { inspector: inspector.url() });
