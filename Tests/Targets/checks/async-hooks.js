'use strict';
// What async_hooks tells a program of its own calls, and of nobody else's.
const { createHook, executionAsyncId, triggerAsyncId } = require('async_hooks');
const { burst, count, differs, fail, watch } = require('../support/checks');

// What the checks make. One of another type is not theirs.
const types = new Set(
  `CHECKPRIMEREQUEST CIPHERREQUEST DERIVEBITSREQUEST DIRHANDLE DNSCHANNEL ELDHISTOGRAM FILEHANDLE FILEHANDLECLOSEREQ FSEVENTWRAP
  FSREQCALLBACK FSREQPROMISE GETADDRINFOREQWRAP GETNAMEINFOREQWRAP HASHREQUEST HTTPCLIENTREQUEST HTTPINCOMINGMESSAGE Immediate
  KEYPAIRGENREQUEST MESSAGEPORT Microtask PBKDF2REQUEST PIPECONNECTWRAP PIPESERVERWRAP PIPEWRAP PROCESSWRAP PROMISE QUERYWRAP
  RANDOMBYTESREQUEST SCRYPTREQUEST SHUTDOWNWRAP SIGNALWRAP SIGNREQUEST STATWATCHER STREAM_END_OF_STREAM TCPCONNECTWRAP
  TCPSERVERWRAP TCPWRAP TTYWRAP TickObject Timeout UDPSENDWRAP UDPWRAP VERIFYREQUEST WORKER WRITEWRAP ZLIB blob HTTPSERVERREQUEST
  HTTPCLIENTREQUEST HTTPINCOMINGMESSAGE SERVERREQUEST bound-anonymous-fn finish`.split(/\s+/),
)
  .add('worker answer')
  .add('watched file');
const kind = 'async_hooks';
// Ids whose `init` was seen and whose `destroy` was not.
const living = new Set();
const running = [];
let events = 0;
let first = Infinity;

const hook = {
  init(id, type, trigger) {
    events++;
    first = Math.min(first, id);
    if (!types.has(type)) fail(`${kind}: ${type}`, 'no check makes a resource of this type');
    if (living.has(id)) fail(kind, `${id} (${type}) begins twice`);
    if (trigger >= id) fail(kind, `${id} (${type}) is triggered by ${trigger}, which is not there yet`);
    living.add(id);
    count(kind);
  },
  before(id) {
    events++;
    if (id >= first && !living.has(id)) fail(kind, `before of ${id}, which is not there`);
    if (executionAsyncId() !== id) fail(kind, `before of ${id} in ${executionAsyncId()}`);
    if (!(triggerAsyncId() >= 0)) fail(kind, `the trigger of ${id} is ${triggerAsyncId()}`);
    running.push(id);
  },
  after(id) {
    events++;
    const last = running.pop();
    if (last !== id) fail(kind, `after of ${id} while ${last} runs`);
  },
  destroy(id) {
    events++;
    if (id >= first && !living.delete(id)) fail(kind, `destroy of ${id}, which is not there`);
  },
};
if (watch(kind)) {
  createHook(hook).enable();

  burst('no async_hooks in the middle of a function', () => {
    const [before, id] = [events, executionAsyncId()];
    let sum = 0;
    for (let number = 0; number < 300_000; number++) sum = (sum + number) | 0;
    return differs('events', events, before) || differs('executionAsyncId', executionAsyncId(), id) || differs('sum', sum > 0, true);
  });
}
