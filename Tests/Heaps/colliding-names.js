'use strict';
// Objects of the very names under which DevTools puts what is no object, or what it names by itself. It shows one of two
// such classes only where it knows no constructor's place: be that one object, instead of all strings.
const { namedClass } = require('./support/named-class');
const { snapshot } = require('./support/snapshot');

const names = ['(system)', '(compiled code)', '(string)', '(array)', '(number)', '(object shape)', '(concatenated string)', '(sliced string)', '(symbol)',
  '(bigint)', '(synthetic)', 'Function', 'RegExp', '<div>', '<div class>', '{a}', '{a, b}', '{"a,b"}'];
const held = names.map((name) => {
  const Class = namedClass(name);
  return [new Class(), new Class(), Object.defineProperty({}, Symbol.toStringTag, { value: name })];
});
for (let i = 0; i < 50; i++) held.push({ a: [], b: [] }, { a: [] }, { 'a,b': [] }, /x/g, Symbol('own'), 10n ** 30n);
snapshot(held);
