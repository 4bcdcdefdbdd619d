'use strict';
// Objects that are held by weak references only, or by what is held so, and have not been collected.
const { snapshot } = require('./support/snapshot');

const held = { refs: [], sets: [], maps: [], registry: new FinalizationRegistry(() => {}) };
class Weakly { constructor(id) { this.id = id; this.tail = { tail: [{ id }] }; } }
const fill = (from) => {
  for (let id = from; id < from + 2000; id++) {
    const object = new Weakly(id);
    // A WeakRef's target lives to the end of this turn, and so does what hangs on it.
    held.refs.push(new WeakRef(object));
    held.sets.push(new WeakSet([object.tail]));
    if (id % 4 === 0) held.maps.push(new WeakMap([[object, { value: id, back: object }]]));
    held.registry.register(object, { id });
  }
};
fill(0);
snapshot(held, { change: (held) => { held.refs.splice(0, 500); fill(2000); held.refs.forEach((ref) => ref.deref()); } });
