'use strict';
// Objects, classes and functions that are named like what DevTools or V8 names in its own way.
const { namedClass, namedFunction } = require('./support/named-class');
const { snapshot } = require('./support/snapshot');

const names = ['(closure)', '(regexp)', '(object)', '(code)', '(native)', '(hidden)', '(GC roots)', '(Document DOM trees)', '()', '(string', 'string',
  'Object', 'Array', 'Map', 'WeakMap', 'ArrayBuffer', 'system / Context', 'system / JSArrayBufferData', 'system / Map', 'system / NativeContext', 'Window',
  'Window / here', 'global', 'HTMLDivElement', '<div class>', '<div class="x" id=y>', '<p>', '<', '< >', '<a', 'Detached', 'Detached ', 'Detached <ul>',
  'Detached <div class>', 'Detached Session', 'Detached Detached x', 'Detached < >', '{}', '{x}', '{a, b, ', '', ' ', ',', '0,0,0,Object', ',Object',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Node / x', 'C++ Persistent roots', 'Pending activities', '\ud83d', '\u0000', '日本語', 'x\ny',
  '\u202e', 'n'.repeat(2000)];

const held = [];
for (const name of names) {
  const Class = namedClass(name);
  const Old = namedFunction(name);
  const renamed = Object.defineProperty(() => name, 'name', { value: name });
  held.push([new Class(), new Class()], [new Old()], [renamed], Object.defineProperty({}, Symbol.toStringTag, { value: name }));
}
// Interfaces that these are close to.
for (let i = 0; i < 50; i++) held.push({ a: {}, b: {} }, { a: {} }, { 'a,b': {} });
// Not of V8's own Object, but of the name.
const MyObject = namedClass('Object');
for (let i = 0; i < 50; i++) held.push(new MyObject(), Object.assign(Object.create({}), { a: {}, b: {} }), Object.assign(Object.create(null), { a: {}, b: {} }));
const change = (held) => {
  held.splice(10, 40);
  for (let i = 0; i < 20; i++) held.push({ b: {}, a: {} }, new MyObject());
};
snapshot(held, { change });
