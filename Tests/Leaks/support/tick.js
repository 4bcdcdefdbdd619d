// Tells when a program has leaked for a while, and each time when it has again.
let steps = 0;

module.exports = () => {
  steps++;
  if (steps === 10) console.log('ready {}');
  if (steps > 10 && steps % 20 === 0) console.log('grown');
};
