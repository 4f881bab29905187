import { once } from 'node:events';
import { createServer } from 'node:http';

/** Serves `handler(request, body)` on a free local port. The handler returns `{ status, headers, chunks }`. */
export async function listen(handler) {
  const server = createServer(async (request, response) => {
    const received = [];
    for await (const chunk of request) received.push(chunk);
    const { status, headers, chunks } = await handler(request, Buffer.concat(received));
    response.writeHead(status, headers);
    for await (const chunk of chunks) response.write(chunk);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A plain-text answer. */
export const text = (status, message) => ({
  status,
  headers: { 'content-type': 'text/plain' },
  chunks: [message],
});

/** A JSON answer. */
export const json = (status, value) => ({
  status,
  headers: { 'content-type': 'application/json' },
  chunks: [JSON.stringify(value)],
});
