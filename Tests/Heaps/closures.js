'use strict';
// Functions and what they close over: nested contexts, eval, with, generators and async functions that wait.
const { snapshot } = require('./support/snapshot');

const held = [];
const counter = (start) => {
  let count = start;
  const unused = { large: new Array(20).fill(start) };
  return { up: () => ++count, down: () => --count, peek: () => unused };
};
const nested = (a) => (b) => (c) => (d) => () => [a, b, c, d];
const evaluated = (secret) => { const other = { other: secret }; return eval('(() => secret)'); };
const loose = new Function('object', 'with (object) { return () => a; }');
function* numbers(from) { const kept = { from }; for (;;) yield [kept, from++]; }
async function waits(value) { const kept = { value }; await new Promise(() => {}); return kept; }
async function* streams(value) { const kept = [value]; yield kept; await new Promise(() => {}); yield kept; }
async function nestedWaits(depth) { const local = { depth }; if (depth) await nestedWaits(depth - 1); else await new Promise(() => {}); return local; }

for (let i = 0; i < 200; i++) {
  held.push(counter(i), nested({ a: i })([i])('c')(i + 0.5), evaluated({ i }), loose({ a: { i } }));
  const generator = numbers(i);
  generator.next();
  const stream = streams({ i });
  stream.next();
  held.push(generator, numbers(i), waits({ i }), stream, nestedWaits(5));
  for (let each = 0, made = []; each < 3; each++) { made.push(() => each); held.push(made); }
  try { throw { thrown: i }; } catch (caught) { held.push(() => caught); }
  held.push(function named(x = () => i) { return named; }, new Function(`return ${i}`), Promise.resolve({ i }), Promise.reject({ i }));
  held.push(new Promise(() => {}).then(() => i, () => held).finally(() => {}));
  setTimeout(() => held, 100_000 + i, { argument: i });
}
process.on('unhandledRejection', () => {});
const change = (held) => {
  held.splice(0, 500);
  for (let i = 0; i < 200; i++) held.push(counter(i), waits({ late: i }));
};
snapshot(held, { change });
