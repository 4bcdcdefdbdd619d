'use strict';
// A server whose heap grows by some megabytes, is let go and grows again: V8 is marking most of the time.
const { repeat, run } = require('./support/stress');

class GrownObject {
  constructor(number) {
    this.number = number;
    this.text = `grown ${number}`;
    this.list = [number, `${number}`, number / 3];
    this.map = number % 4 ? null : new Map([[number, this]]);
  }
}

const largest = 40000;
let grown = [];
global.grown = () => grown;

repeat(() => {
  if (grown.length >= largest) grown = [];
  for (let i = 0; i < 700; i++) grown.push(new GrownObject(grown.length));
});
run();
