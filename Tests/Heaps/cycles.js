'use strict';
// Cycles within cycles with many ways in: what holds what is decided far away. The same graph in each run.
const { randomNumbers, snapshot } = require('./support/snapshot');

const random = randomNumbers(7);
class Vertex { constructor(id) { this.id = id; this.edges = []; } }
class Ring { constructor() { this.next = this; this.inner = null; } }

const vertices = Array.from({ length: 12_000 }, (_, id) => new Vertex(id));
// Mostly to close ones, so that there are deep dominator trees and not one flat one.
for (const vertex of vertices) {
  for (let edges = random() % 4; edges > 0; edges--) {
    const target = random() % 50 ? (vertex.id + (random() % 20)) % vertices.length : random() % vertices.length;
    vertex.edges.push(vertices[target]);
  }
}
let ring = null;
for (let i = 0; i < 2000; i++) {
  const one = new Ring();
  const two = new Ring();
  one.next = two;
  two.next = one;
  (i % 2 ? one : two).inner = ring;
  ring = i % 3 ? two : one;
}
// A ladder: two rails with rungs both ways.
let left = { left: null };
let right = { right: null };
for (let i = 0; i < 2000; i++) {
  const l = { left, rung: null };
  const r = { right, rung: l };
  l.rung = r;
  left = l;
  right = r;
}
// In no way reachable, and never collected by references counted: gone from the snapshot.
for (let i = 0; i < 5000; i++) { const gone = { Gone: i }; gone.self = gone; }
const held = { entrances: vertices.filter((vertex) => vertex.id % 1000 === 0), ring, ladder: [left, right] };
const change = (held) => {
  held.entrances.splice(2, 5);
  held.ladder.pop();
  held.fresh = Array.from({ length: 500 }, (_, id) => new Vertex(id));
};
snapshot(held, { change });
