const tick = require('./support/tick');
let series = new Float64Array(1000);

setInterval(() => {
  const next = new Float64Array(series.length + 10000);
  next.set(series);
  series = next;
  tick();
}, 10);
