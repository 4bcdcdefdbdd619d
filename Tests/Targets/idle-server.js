'use strict';
// A server that waits in epoll between requests.
require('./support/target').serve();
