import { gunzipSync } from 'node:zlib';
import { json, listen } from '../demo/stand-ins/listen.js';

/** A stand-in for an OpenTelemetry Collector that takes OTLP/HTTP as JSON; `spans` holds what it got. */
export async function startCollector() {
  const spans = [];
  const server = await listen((request, body) => {
    const isGzip = request.headers['content-encoding'] === 'gzip';
    const { resourceSpans = [] } = JSON.parse((isGzip ? gunzipSync(body) : body).toString('utf8'));
    for (const { scopeSpans } of resourceSpans) spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    return json(200, {});
  });
  return { ...server, spans };
}
