'use strict';
// Classes of one name from many places: DevTools tells them by the place of their constructor.
const vm = require('vm');
const { snapshot } = require('./support/snapshot');

const instances = (make, count) => Array.from({ length: count }, (_, index) => make(index));
const held = [];

for (let script = 0; script < 12; script++) {
  const source = `(() => {${'\n'.repeat(script % 4)}${' '.repeat(script)}class Session { constructor(id) { this.id = id; this.more = {}; } }\n` +
    'class Derived extends Session {}; function Session2() { this.old = true; }\n' +
    'return { Session, Derived, Session2 }; })()';
  // The file names: several scripts of one name, none, and one with the separators that DevTools' own keys have.
  const filename = ['session.js', 'session.js', 'a,b,c.js', '', 'file:///srv/app/session.mjs', 'с пробелом.js'][script % 6];
  const { Session, Derived, Session2 } = new vm.Script(source, { filename }).runInThisContext();
  held.push(instances((id) => new Session(id), script + 1), instances((id) => new Derived(id), 3), instances(() => new Session2(), 2));
}

// Two on one line, and each of a function that makes a new class whenever it is called.
class Left { } const makeRow = () => [class Row { a = 1; }, class Row { b = 1; }];
for (let round = 0; round < 30; round++) {
  const [first, second] = makeRow();
  held.push(new first(), new second(), new Left());
}

for (let index = 0; index < 15; index++) {
  held.push(new (new Function('id', `return class Session { constructor() { this.index = ${index}; } }`)())());
  held.push(new (eval(`(class Session { evaluated = ${index}; })`))());
  held.push(new (new Function(`return function Session() { this.made = ${index}; }`)())());
}

const anonymous = instances(() => class { x = {}; }, 10);
held.push(anonymous.map((Class) => new Class()));
// Named like the others, without a place: bound functions, and objects whose prototype lies.
held.push(instances(() => new (class Outer { static Session = class Session { }; }).Session(), 3));
held.push(instances(() => Object.create({ constructor: { name: 'Session' } }), 5));
held.push(instances(() => ({ [Symbol.toStringTag]: 'Session' }), 5));
class Renamed { static name = 'Session'; }
held.push(instances(() => new Renamed(), 5));
class NumberedName { static name = 42; }
held.push(instances(() => new NumberedName(), 5));
class Commas { static { Object.defineProperty(this, 'name', { value: '1,2,3,Session' }); } }
held.push(instances(() => new Commas(), 5));

const change = (held) => {
  held.splice(0, 4);
  held.push(instances((id) => new Left(id), 40));
  held.push(new (new Function('return class Session { late = true; }')())());
};
snapshot(held, { change });
