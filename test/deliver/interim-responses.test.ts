import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createUndiciTransport } from '../../src/deliver/undici-transport.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"status":"Ok"}';
const interim = (status: number) => `HTTP/1.1 ${status} Interim\r\nx-note: one of many\r\n\r\n`;

/** A server that answers every request with bytes of its own. */
async function serve(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function send(url: string, timeoutMs: number) {
  const transport = createUndiciTransport({ timeoutMs, logger: createRecordingLogger() });
  const signal = new AbortController().signal;
  return transport.send({ url, body: Buffer.from('{}'), headers: {}, events: 1, signal });
}

it.each([
  ['one 102', interim(102)],
  ['103 early hints', interim(103)],
  ['10,000 interim responses', interim(102).repeat(10_000)],
])('a success behind %s is a success', async (_, before) => {
  const url = await serve((socket) => socket.end(before + OK));
  expect(await send(url, 60_000)).toEqual({ type: 'delivered' });
});

it('interim responses without end are given up when the time of the request is over, in flat memory', async () => {
  const flood = interim(103).repeat(1_000);
  const url = await serve((socket) => {
    const more = (): void => {
      if (!socket.destroyed) socket.write(flood, () => setImmediate(more));
    };
    more();
  });
  const before = process.memoryUsage().heapUsed;
  expect(await send(url, 1_500)).toMatchObject({ type: 'retry', reason: 'timeout' });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024);
});

it.each([
  ['and a success behind it', interim(100) + OK],
  ['and nothing else', interim(100)],
])('an unsolicited 100 %s costs no event: it may be sent again', async (_, answer) => {
  const url = await serve((socket) => socket.end(answer));
  const outcome = await send(url, 60_000);
  expect(['delivered', 'retry']).toContain(outcome.type);
  if (outcome.type === 'retry') expect(outcome).toMatchObject({ reason: 'network' });
});

it('an answer that is no HTTP may be sent again', async () => {
  const url = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  expect(await send(url, 60_000)).toMatchObject({ type: 'retry', reason: 'network' });
});
