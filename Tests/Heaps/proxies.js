'use strict';
// Proxies, also of proxies, functions and revoked ones; bound functions; arguments; Reflect.construct with another prototype.
const { snapshot } = require('./support/snapshot');

class Real { value = {}; }
class Pretended { other = {}; }
const held = [];
for (let i = 0; i < 300; i++) {
  const target = { target: i };
  const handler = { get: () => i, handler: {} };
  const proxy = new Proxy(target, handler);
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  held.push(proxy, new Proxy(proxy, {}), new Proxy(function called() {}, {}), new Proxy(Real, {}), revoked);
  held.push(Reflect.construct(Real, [], Pretended), Object.setPrototypeOf(new Real(), proxy), Object.create(proxy));
  held.push(function () { return arguments; }(i, {}), (function (a) { 'use strict'; return arguments; })({}));
  held.push(held.push.bind(held, i, {}), Object(i), Object('text'), Object(true), Object(Symbol('boxed')), Object(1n));
}
const own = { };
own.proxy = new Proxy(own, own);
held.push(own);
snapshot(held);
