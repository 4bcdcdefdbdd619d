// For Deno: a server that holds a thousand objects of a class, says `ready {json}`, and ends with its standard input.
class DenoSession {
  constructor(id) {
    this.id = id;
  }
}
globalThis.sessions = Array.from({ length: 1000 }, (_, id) => new DenoSession(id));

let counter = 0;
const say = (text) => Deno.stdout.writeSync(new TextEncoder().encode(text));
Deno.serve(
  { hostname: '127.0.0.1', port: 0, onListen: ({ port }) => say(`ready ${JSON.stringify({ pid: Deno.pid, port })}\n`) },
  () => new Response(`ok ${++counter}\n`),
);
(async () => {
  for await (const chunk of Deno.stdin.readable) void chunk;
  Deno.exit();
})();
