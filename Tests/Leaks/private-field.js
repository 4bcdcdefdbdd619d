const tick = require('./support/tick');
class Cart {
  #items = [];

  add(item) {
    this.#items.push(item);
  }
}

const cart = new Cart();

setInterval(() => {
  for (let i = 0; i < 200; i++) {
    cart.add({ sku: `a${i}` });
  }
  tick();
}, 10);
