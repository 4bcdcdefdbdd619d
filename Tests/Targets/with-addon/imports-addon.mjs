// Usage: imports-addon.mjs DEFAULT NAMED      (where `heapdump` is a package that can be imported)
import heapdump, { writeSnapshot } from 'heapdump';

const [first, second] = process.argv.slice(2);
const say = (error, filename) => console.log(JSON.stringify({ error: error && error.message, filename }));
heapdump.writeSnapshot(first, say);
writeSnapshot(second, say);
