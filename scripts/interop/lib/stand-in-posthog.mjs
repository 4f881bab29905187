import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/**
 * PostHog on loopback that remembers which spans reached it, how often and by which destination.
 *
 * @returns {Promise<{ url: string, spans: Map<string, Delivered>, events: object[], state: { isDown: boolean }, close(): void }>}
 *   `spans`: span id to how often it was delivered, its trace, and the keys of the projects that got it; `events`: what came,
 *   without anything that is sent again under the same id
 *
 * @typedef {{ count: number, traceId: string, keys: Set<string> }} Delivered
 */
export async function startStandInPostHog() {
  const spans = new Map();
  const events = new Map();
  const state = { isDown: false };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      if (state.isDown) return void response.writeHead(503).end();
      response.setHeader('content-type', 'application/json');
      const bytes = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const { api_key: key, batch = [] } = body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
      for (const event of batch) events.set(event.uuid, event);
      for (const { event, properties } of batch) if (event !== '$ai_trace') note(key, properties);
      response.end('{"status":"Ok"}');
    });
  });
  const note = (key, { $ai_span_id: spanId, $ai_trace_id: traceId }) => {
    const delivered = spans.get(spanId) ?? { count: 0, traceId, keys: new Set() };
    delivered.count += 1;
    delivered.keys.add(key);
    spans.set(spanId, delivered);
  };
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    spans,
    get events() {
      return [...events.values()];
    },
    state,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
