// For `deno serve --parallel`: its listening sockets are served by threads other than the main one.
export default { fetch: () => new Response('ok\n') };
