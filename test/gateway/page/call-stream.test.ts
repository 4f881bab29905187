import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RecentCall } from '../../../src/gateway/observe/recent-calls.ts';
import { type Api, ApiError } from '../../../src/gateway/page/app/api.ts';
import { followCalls, type StreamState } from '../../../src/gateway/page/app/call-stream.ts';

const call = (id: string) => ({ id }) as RecentCall;

/** A server of a stream that the test can end, and the page's way to it. */
async function streamOfTest() {
  const open: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    open.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let lists = 0;
  const api = {
    stream: async (signal: AbortSignal) => (await fetch(url, { signal })).body,
    calls: async () => [call(`list ${++lists}`)],
  } as unknown as Api;
  return { api, open };
}

function listenerOfTest() {
  const seen: string[] = [];
  return {
    seen,
    onList: (calls: readonly RecentCall[]) => void seen.push(...calls.map(({ id }) => id)),
    onCall: ({ id }: RecentCall) => void seen.push(id),
    onState: (state: StreamState) => void seen.push(state),
    onRefused: (message: string) => void seen.push(`refused: ${message}`),
  };
}

describe('the stream of calls', () => {
  it('is opened again when it ends or breaks, with the whole list', async () => {
    const { api, open } = await streamOfTest();
    const listener = listenerOfTest();
    const stop = new AbortController();
    const following = followCalls(api, listener, stop.signal);
    const send = (index: number, id: string) => open[index]?.write(`data: ${JSON.stringify(call(id))}\n\n`);
    const saw = (expected: readonly string[]) =>
      expect.poll(() => listener.seen, { timeout: 60_000, interval: 5 }).toEqual(expected);
    const first = ['connecting', 'list 1', 'live'];
    await saw(first);
    send(0, 'a');
    await saw([...first, 'a']);
    open[0]?.end();
    const second = [...first, 'a', 'interrupted', 'connecting', 'list 2', 'live'];
    await saw(second);
    send(1, 'b');
    await saw([...second, 'b']);
    open[1]?.destroy();
    const third = [...second, 'b', 'interrupted', 'connecting', 'list 3', 'live'];
    await saw(third);
    stop.abort();
    await following;
    expect(listener.seen).toEqual(third);
  });

  it('is not opened again when the token is refused', async () => {
    const listener = listenerOfTest();
    const refuse = async (): Promise<never> => {
      throw new ApiError(401, 'no token');
    };
    await followCalls({ stream: refuse } as unknown as Api, listener, new AbortController().signal);
    expect(listener.seen).toEqual(['connecting', 'refused: no token']);
  });
});
