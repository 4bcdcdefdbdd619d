// A few characters of each page, which keep all of it.
const tick = require('./support/tick');
const titles = [];

setInterval(() => {
  for (let i = 0; i < 3; i++) {
    const page = `<title>${Math.random()}</title>`.padEnd(20000, `abc${i}`);
    titles.push(page.slice(7, 27));
  }
  tick();
}, 10);
