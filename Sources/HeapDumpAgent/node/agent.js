'use strict';
// The compiled part.
const agent = require('./heapdump.node');

// Where heapdump looks for it, by version; each thread has a `process` of its own.
const place = Symbol.for('heapdump.agents');
if (!process[place]) Object.defineProperty(process, place, { value: new Map() });
if (!process[place].has(agent.version)) process[place].set(agent.version, agent);

module.exports = agent;
