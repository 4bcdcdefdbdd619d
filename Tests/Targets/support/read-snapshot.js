'use strict';
// Reads a .heapsnapshot as V8's own JSON.parse sees it, and prints what the tests ask of it as JSON.
//
// Usage: read-snapshot.js FILE [CLASS]; FILE may be - for standard input
const fs = require('fs');

const [file, name] = process.argv.slice(2);
const { snapshot, nodes, strings } = JSON.parse(fs.readFileSync(file === '-' ? 0 : file, 'utf8'));
const { node_fields: fields, node_types: types } = snapshot.meta;
if (nodes.length !== snapshot.node_count * fields.length) {
  throw new Error(`${nodes.length} numbers for ${snapshot.node_count} nodes`);
}
const [type, string, id] = ['type', 'name', 'id'].map((field) => fields.indexOf(field));
const object = types[0].indexOf('object');
const ids = [];
for (let row = 0; row < nodes.length && name !== undefined; row += fields.length) {
  if (nodes[row + type] === object && strings[nodes[row + string]] === name) ids.push(nodes[row + id]);
}
console.log(JSON.stringify({ nodes: snapshot.node_count, edges: snapshot.edge_count, ids }));
