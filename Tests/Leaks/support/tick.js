// Tells when a program has leaked for a while, and when for as long again.
let steps = 0;

module.exports = () => {
  steps++;
  if (steps === 10) console.log('ready {}');
  if (steps === 40) console.log('grown');
};
