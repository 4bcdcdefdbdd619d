'use strict';
// Nothing but what Node itself holds.
require('./support/snapshot').snapshot(null);
