// A server on a free local port, for every stand-in of these suites. Copied beside each suite.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** @param answer what to say to a request, by its JSON body and path; `undefined` says `{}` */
export async function listen(answer) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const isGzip = request.headers['content-encoding'] === 'gzip';
    const said = answer(JSON.parse(isGzip ? gunzipSync(body) : body), request.url);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(said ?? {}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

/** A PostHog that takes everything. */
export async function startPostHog() {
  const events = [];
  const { url, close } = await listen(({ batch }) => void events.push(...batch));
  return { events, url, close };
}
