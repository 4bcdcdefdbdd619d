'use strict';
// Regular expressions, compiled and not; dates; errors with stacks, causes and fields; Intl and URLs.
const { snapshot } = require('./support/snapshot');

class HttpError extends Error {
  constructor(status, options) { super(`status ${status}`, options); this.status = status; this.details = {}; }
}
const deep = (depth) => { if (depth) return deep(depth - 1); return new Error('deep'); };
const held = [];
for (let i = 0; i < 150; i++) {
  const compiled = new RegExp(`(?<word>[a-z]+)${i}|\\p{L}{${i % 5},}`, 'gu');
  held.push(compiled, 'abc1'.match(compiled), /same literal/y, /x/[Symbol.replace], compiled.exec('word12'));
  held.push(new Date(i * 1e9), new Date(NaN), new Error(`number ${i}`), new TypeError('type'), new HttpError(500 + i, { cause: { i } }));
  held.push(deep(i % 30), new AggregateError([new Error('inner'), i], 'several'));
  try { null.property; } catch (error) { held.push(error); }
  const read = new Error('stack is read');
  held.push(read, read.stack);
  if (i < 20) {
    held.push(new URL(`https://example.com/${i}?q=${i}#f`), new URLSearchParams({ i }), new AbortController(), new TextDecoder(), new Event('e'));
    held.push(new Intl.NumberFormat('de'), new Intl.DateTimeFormat('en'), new DOMException('message', 'AbortError'), new EventTarget());
  }
}
snapshot(held);
