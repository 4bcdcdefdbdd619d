import tick from './support/tick.js';

export const visits = [];

setInterval(() => {
  for (let i = 0; i < 200; i++) {
    visits.push({ at: Date.now(), page: `/p${i}` });
  }
  tick();
}, 10);
