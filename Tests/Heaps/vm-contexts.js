'use strict';
// Several native contexts, each with an Object and an Array of its own; one whose global is detached.
const vm = require('vm');
const { snapshot } = require('./support/snapshot');

const held = { contexts: [], objects: [], functions: [] };
for (let i = 0; i < 6; i++) {
  const context = vm.createContext({ held: { i }, print() {} }, { name: `context ${i}` });
  held.contexts.push(context);
  const inside = `class Session { constructor() { this.inside = {}; } };
    var list = Array.from({ length: 100 }, (_, id) => ({ id, session: new Session() }));
    globalThis.cache = new Map(list.map((each) => [each.id, each]));
    (() => [list, new WeakMap([[list, { weak: true }]]), /x/, new Error('inside'), function f() { return cache; }])()`;
  held.objects.push(vm.runInContext(inside, context, { filename: `inside-${i % 2}.js` }));
}
// Only a function is left of these.
for (let i = 0; i < 3; i++) held.functions.push(vm.runInNewContext('var big = new Array(1000).fill({}); (() => big)'));
if (vm.SourceTextModule) held.module = new vm.SourceTextModule('export default 1');
const change = (held) => {
  held.contexts.length = 2;
  held.objects.splice(2);
  held.functions.push(vm.runInNewContext('class Session {}; (() => new Session())')());
};
snapshot(held, { change });
