// Two classes in turn.
const tick = require('./support/tick');
class Page {
  constructor(link) {
    this.link = link;
    this.text = `p${Math.random()}`;
  }
}

class Link {
  constructor(page) {
    this.page = page;
  }
}

let history = null;

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    history = new Page(new Link(history));
  }
  tick();
}, 10);
