'use strict';
// Fills its heap and writes a snapshot of it.
// Usage: big-heap.js SHAPE AMOUNT PATH       (Node needs a --max-old-space-size of about the file)
// mixed: what applications hold, until the file is of AMOUNT MB, within a few percent.
// list: a linked list of AMOUNT objects. array: an array of AMOUNT objects.
const fs = require('fs');
const v8 = require('v8');

const [shape, amountText, path] = process.argv.slice(2);
const amount = Number(amountText);
const MB = 1e6;

class User {
  constructor(number) {
    this.name = copy(`user ${number}`);
    // Strings of the same text, each an object of its own: as they come out of a database or a request.
    this.city = copy(CITIES[number % CITIES.length]);
    this.role = ROLES[number % 3];
  }
}

class Session {
  constructor(number, before) {
    this.number = number;
    this.user = new User(number);
    this.before = before;
    this.begin = new Date(number);
    this.score = number + 0.5;
    this.basket = [{ product: number % 100, price: number / 7 }, { product: number % 31, price: 9.5 }];
    this.seen = new Map([[`page ${number % 10}`, this.begin], [number, this.basket]]);
    this.tags = new Set([ROLES[number % 3], number]);
    // Concatenated, and never read: V8 keeps both parts.
    this.log = copy(`session ${number} began`) + LOG_END;
    this.order = order(number, this);
    this.close = () => this.seen.delete(number);
    if (number % 8 === 0) this.upload = new Uint8Array(100);
    if (number % 50 === 0) this.pattern = new RegExp(`page ${number}`);
  }
}

// Most of what a record holds are values that it shares with others.
function order(number, session) {
  const { user, before } = session;
  return {
    number,
    session,
    user,
    seller: before ? before.user : user,
    city: user.city,
    role: user.role,
    state: number % 5 === 0 ? 'open' : 'delivered',
    currency: 'EUR',
    basket: session.basket,
    previous: before && before.order,
    comment: null,
  };
}

class Link {
  constructor(number, next) {
    this.number = number;
    this.next = next;
  }
}

const ROLES = ['reader', 'writer', 'administrator'];
const LOG_END = copy('; its user came by the way that most users come');
const CITIES = Array.from({ length: 200 }, (_, number) => `city of the number ${number}`);

function copy(text) {
  return Buffer.from(text).toString('latin1');
}

function fillMixed(wanted) {
  const sessions = [];
  const grow = (length) => {
    while (sessions.length < length) sessions.push(new Session(sessions.length, sessions[sessions.length - 1] || null));
  };
  global.sessions = sessions;
  // How much of the file a session takes differs from one version of V8 to the next.
  const samples = [500, 8000].map((length) => {
    grow(length);
    v8.writeHeapSnapshot(path);
    const { size } = fs.statSync(path);
    fs.unlinkSync(path);
    return size;
  });
  const each = (samples[1] - samples[0]) / 7500;
  // The numbers in a larger file have more digits.
  const longer = 1 + 0.06 * Math.max(0, Math.log10(wanted / samples[1]));
  grow(500 + Math.max(0, Math.round((wanted - samples[0]) / (each * longer))));
}

const fill = {
  mixed: () => fillMixed(amount * MB),
  list: () => {
    for (let number = 0; number < amount; number++) global.list = new Link(number, global.list || null);
  },
  array: () => {
    global.array = Array.from({ length: amount }, (_, number) => ({ number, name: `object ${number}` }));
  },
}[shape];

if (!fill || !(amount > 0) || !path) {
  console.error('usage: big-heap.js mixed|list|array AMOUNT PATH');
  process.exit(64);
}
fill();
v8.writeHeapSnapshot(path);
