import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { exportSpans } from '../support/export-spans.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

/** A server that is no HTTP server, or a bad one. */
async function serve(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const says =
  (text: string) =>
  (socket: Socket): void =>
    void socket.write(text);

/** Begins an answer, and goes on with the same piece as long as the socket takes it. */
const repeats =
  (head: string, piece: string, everyMs?: number) =>
  (socket: Socket): void => {
    socket.write(head);
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    if (everyMs === undefined) socket.on('drain', more).once('close', () => socket.off('drain', more));
    else {
      const timer = setInterval(() => socket.write(piece), everyMs);
      socket.once('close', () => clearInterval(timer));
    }
    if (everyMs === undefined) more();
  };

const CHUNKED = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';

it.each<[string, (socket: Socket) => void, readonly string[]]>([
  ['is a page without a status', says('<html>'), ['network']],
  ['is zeros', says('\0\0\0\0'), ['network']],
  ['is of another protocol', says('SSH-2.0-OpenSSH_9\r\n'), ['network']],
  ['has a status of zeros', says('HTTP/1.1 000 Odd\r\ncontent-length: 0\r\n\r\n'), ['network']],
  ['has a length below zero', says('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'), ['network']],
  [
    'has two lengths',
    says('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'),
    ['network'],
  ],
  ['changes the protocol', says('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), ['network']],
  ['has a header of 1 MB', says(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}\r\n\r\n`), ['network']],
  [
    'has headers without end',
    repeats('HTTP/1.1 200 OK\r\n', 'x-a: b\r\n', 5),
    ['timeout', 'deadline', 'network'],
  ],
  ['has a body without end, drop by drop', repeats(CHUNKED, '1\r\nx\r\n', 5), ['timeout', 'deadline']],
  [
    'has a body without end, in a flood',
    repeats(CHUNKED, `10000\r\n${'x'.repeat(65_536)}\r\n`),
    ['route-missing'],
  ],
])('an answer that %s costs one event in its time and nothing else', async (_, answer, reasons) => {
  const logger = createRecordingLogger();
  const endpoint = await serve(answer);
  // Where it is not the time that ends it, a busy machine must not let the time be over first.
  const times = reasons.includes('timeout')
    ? { timeoutMs: 300, deadlineMs: 1_500 }
    : { timeoutMs: 15_000, deadlineMs: 60_000 };
  const options = { apiKey: 'phc_hostile', endpoint, logger, ...times, maxRetries: 1 };
  const exporter = new PostHogLLMSpanExporter(options);
  const { code } = await exportSpans(exporter, [createSpanMaker().make('chat', chatAttributes())]);
  expect(code).toBe(1);
  const { dropped, inFlight, inFlightBytes, droppedByReason } = exporter.stats();
  expect({ dropped, inFlight, inFlightBytes }).toEqual({ dropped: 1, inFlight: 0, inFlightBytes: 0 });
  expect(reasons).toContain(Object.keys(droppedByReason)[0]);
  expect((await exporter.testConnection()).status).toMatch(/^(?:host-unreachable|key-not-verifiable)$/);
  await exporter.shutdown();
  expect(logger.lines.every((line) => line.length < 1_000)).toBe(true);
});

it('a second answer behind the first is not taken for one of another request', async () => {
  const two = `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n`;
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_hostile',
    endpoint: await serve(says(two)),
    logger: createRecordingLogger(),
  });
  const maker = createSpanMaker();
  for (let round = 0; round < 3; round++)
    expect(await exportSpans(exporter, [maker.make('chat', chatAttributes())])).toEqual({ code: 0 });
  await exporter.shutdown();
});
