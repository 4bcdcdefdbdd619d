'use strict';
// Starts processes of its own, in every way, as long as a dump goes on.
// Usage: starts-children.js ADDON MARKERS FILE
const { exec, execFileSync, spawn, spawnSync } = require('child_process');
const { hold, say, sayEnd, sayWhatIsLeft } = require('./support');
const [addon, count, file] = process.argv.slice(2);

hold(count);
let goesOn = true;
let started = 0;
const wrong = [];
const expect = (what, status) => status === 3 || wrong.push(`${what}: ${status}`);
const statusOf = (body) => {
  try {
    body();
    return 0;
  } catch (error) {
    return error.status;
  }
};

function startSome() {
  started += 4;
  expect('spawnSync', spawnSync('sh', ['-c', 'exit 3']).status);
  expect('execFileSync', statusOf(() => execFileSync('sh', ['-c', 'exit 3'])));
  exec('exit 3', (error) => {
    expect('exec', error && error.code);
    spawn('sh', ['-c', 'exit 3']).on('exit', (status) => {
      expect('spawn', status);
      if (goesOn) return startSome();
      say({ started, wrong });
      sayWhatIsLeft();
    });
  });
}

require(addon).writeSnapshot(file, (error, filename) => {
  goesOn = false;
  sayEnd(error, filename);
});
startSome();
