'use strict';
// A server for clients that stay connected, and count any error: each answer is made of new objects.
const { repeat, run } = require('./support/stress');

const answer = () => JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, name: `row ${id}`, tags: [id, `${id}`] })));

repeat(() => {}, 50);
run({ routes: { '/rows': answer } });
