const tick = require('./support/tick');
class TreeNode {
  constructor(key) {
    this.key = key;
    this.left = null;
    this.right = null;
  }
}

const root = new TreeNode(0.5);
function add(key) {
  let node = root;
  for (;;) {
    const side = key < node.key ? 'left' : 'right';
    if (!node[side]) {
      node[side] = new TreeNode(key);
      return;
    }
    node = node[side];
  }
}

setInterval(() => {
  for (let i = 0; i < 150; i++) {
    add(Math.random());
  }
  tick();
}, 10);
