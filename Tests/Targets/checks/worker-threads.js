'use strict';
// Messages of a worker thread, and memory that is shared with it.
const { AsyncResource } = require('async_hooks');
const { createHash } = require('crypto');
const { MessageChannel, receiveMessageOnPort, Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const hash = (text) => createHash('sha1').update(text).digest('hex');
const [ADDED, ASKED, WAITING] = [0, 1, 2];

const serve = () => {
  const counters = new Int32Array(workerData);
  let next = 0;
  parentPort.on('message', ({ number, text, port }) => {
    if (number !== undefined && number !== next++) throw new Error(`message ${number} came as number ${next - 1}`);
    Atomics.add(counters, ADDED, 1);
    Atomics.notify(counters, ADDED);
    (port || parentPort).postMessage({ number, hash: hash(text) });
    if (port) port.close();
  });
};

const check = () => {
  const { burst, differs, fail, repeat } = require('../support/checks');
  const counters = new Int32Array(new SharedArrayBuffer(16));
  const worker = new Worker(__filename, { workerData: counters.buffer });
  worker.on('error', (error) => fail('worker messages', error.stack));
  worker.on('exit', (status) => fail('worker messages', `the worker ended: ${status}`));

  let sent = 0;
  const expected = [];
  worker.on('message', ({ number, hash: got }) => {
    const { text, over, number: own } = expected.shift();
    over(differs('number', number, own) || differs('hash', got, hash(text)));
  });
  repeat('worker messages', 4, (over) => {
    const number = sent++;
    const text = `${number} `.repeat(Math.random() * 3_000);
    // All answers come by one event, which has no context of its own.
    expected.push({ text, over: AsyncResource.bind(over, 'worker answer'), number });
    worker.postMessage({ number, text });
  });
  repeat('message channels', 2, (over) => {
    const { port1, port2 } = new MessageChannel();
    const text = `a text of ${Math.random()}`;
    let problem = 'it closed without an answer';
    port1.on('message', (answer) => (problem = differs('hash', answer.hash, hash(text))));
    port1.on('close', () => over(problem));
    worker.postMessage({ text, port: port2 }, [port2]);
  });

  // Waits for the worker, which must go on meanwhile.
  repeat('Atomics.wait', 1, (over) => {
    const before = Atomics.load(counters, ADDED);
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ text: 'waiting', port: port2 }, [port2]);
    const result = Atomics.wait(counters, ADDED, before, 20_000);
    port1.close();
    over(differs('result', ['ok', 'not-equal'].includes(result), true));
  });
  burst('Atomics', () => {
    const before = Atomics.add(counters, ASKED, 1);
    const result = Atomics.wait(counters, WAITING, 0, 0.01);
    return differs('value', Atomics.load(counters, ASKED), (before + 1) | 0) || differs('result', result, 'timed-out');
  });
  burst('receiveMessageOnPort', () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage({ one: 1 });
    const got = receiveMessageOnPort(port2);
    port1.close();
    return differs('message', got.message.one, 1) || differs('next', receiveMessageOnPort(port2), undefined);
  });
  burst('structuredClone', () => {
    const clone = structuredClone({ list: [1, new Date(0)] });
    return differs('clone', JSON.stringify(clone), '{"list":[1,"1970-01-01T00:00:00.000Z"]}');
  });
};

if (isMainThread) check();
else serve();
