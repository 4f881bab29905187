import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine alone. */
export interface StandIn {
  readonly url: string;
  close(): void;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Serves JSON on a free port of the loopback address. */
export async function listen(
  handle: (request: IncomingMessage, body: Buffer) => Answer | Promise<Answer>,
): Promise<StandIn> {
  const server = createServer(async (request, response) => {
    const received: Buffer[] = [];
    for await (const chunk of request) received.push(chunk as Buffer);
    const { status, body } = await handle(request, Buffer.concat(received));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
