'use strict';
// Classes and functions that are named like what DevTools or V8 names in its own way.
const { snapshot } = require('./support/snapshot');

const names = ['(system)', '(compiled code)', '(string)', '(array)', '(number)', '(closure)', '(object shape)', '(concatenated string)', '(sliced string)',
  '(symbol)', '(bigint)', '(regexp)', '(GC roots)', '(Document DOM trees)', '(hidden)', '(native)', '(synthetic)', 'Function', 'RegExp', 'Object', 'Array',
  'Map', 'WeakMap', 'ArrayBuffer', 'system / Context', 'system / JSArrayBufferData', 'system / Map', 'system / NativeContext', 'Window', 'Window / here',
  'global', 'HTMLDivElement', '<div>', '<div class>', '<div class="x" id=y>', '<', '< >', 'Detached', 'Detached ', 'Detached <div>', 'Detached <div class>',
  'Detached Session', 'Detached Detached x', 'Detached <x>', '{}', '{a}', '{a, b}', '{a, b, ', '{"a,b"}', '', ' ', ',', '0,0,0,Object', ',Object', '__proto__',
  'constructor', 'toString', 'hasOwnProperty', 'Node / x', 'C++ Persistent roots', 'Pending activities', '\ud83d', '\u0000', '日本語', 'x\ny', '\u202e',
  'n'.repeat(2000)];

const held = [];
for (const name of names) {
  const Class = class { content = {}; };
  Object.defineProperty(Class, 'name', { value: name });
  held.push([new Class(), new Class(), Object.defineProperty(() => name, 'name', { value: name })]);
  // The same by a prototype's constructor of no place.
  function Old() { this.old = []; }
  Object.defineProperty(Old, 'name', { value: name });
  held.push([new Old()], Object.defineProperty({}, Symbol.toStringTag, { value: name }));
}
// Interfaces whose names some of these classes have.
for (let i = 0; i < 50; i++) held.push({ a: {}, b: {} }, { a: {} }, { 'a,b': {} });
// Plain objects whose class's name is not V8's Object.
class MyObject { a = {}; b = {}; }
Object.defineProperty(MyObject, 'name', { value: 'Object' });
for (let i = 0; i < 50; i++) held.push(new MyObject(), Object.assign(Object.create({}), { a: {}, b: {} }), Object.assign(Object.create(null), { a: {}, b: {} }));
const change = (held) => {
  held.splice(10, 40);
  for (let i = 0; i < 20; i++) held.push({ b: {}, a: {} }, new MyObject());
};
snapshot(held, { change });
