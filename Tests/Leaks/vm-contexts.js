const tick = require('./support/tick');
const vm = require('vm');
const sandboxes = [];

setInterval(() => {
  const sandbox = vm.createContext({ x: 1 });
  vm.runInContext('var y = [1, 2, 3]', sandbox);
  sandboxes.push(sandbox);
  tick();
}, 10);
