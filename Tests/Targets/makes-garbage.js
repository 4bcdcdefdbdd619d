'use strict';
// A server whose main thread does nothing but make garbage, rebuild Maps, and compile functions that it runs until they
// are optimized. The known objects move from one Map to another all the time.
const { known, repeat, run } = require('./support/stress');

const maps = Array.from({ length: 8 }, () => new Map());
known.forEach((object) => maps[object.number % 8].set(object.number, object));
known.length = 0;
global.maps = maps;
let total = 0;
let functions = 0;
const ring = new Array(20000);
global.ring = ring;

const move = () => {
  const from = maps[Math.floor(Math.random() * 8)];
  const to = maps[Math.floor(Math.random() * 8)];
  let left = 50;
  for (const [number, object] of from) {
    if (left-- === 0) break;
    to.set(number, object);
    if (from !== to) from.delete(number);
  }
};

const compile = () => {
  const number = functions++;
  const compiled = new Function(
    'times',
    `let s = ${number}; for (let i = 0; i < times; i++) { s = (s * 31 + i) | 0; if (s % 7 === 0) s += [s, i].length; } return s;`,
  );
  total ^= compiled(20000) ^ compiled(20001);
};

const replace = () => {
  for (let i = 0; i < 2000; i++) {
    const place = Math.floor(Math.random() * ring.length);
    ring[place] = { text: `item ${place}`, list: [i, { place }], map: i % 16 ? null : new Map([[place, { i }]]) };
  }
};

repeat(() => {
  replace();
  move();
  compile();
});
run();
