// The sending end of the gateway's benchmark: requests that were encoded before the clock started.
import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { makeSpans, WORKLOADS } from './spans.mjs';

const [, , workloadName, url, count] = process.argv;
/** Spans of one request: what a batch span processor of the SDK sends at once. */
const BATCH = 512;
/** Requests under way, as of some applications. */
const CONCURRENCY = 4;

const { spans, aiSpans } = makeSpans(WORKLOADS[workloadName], count ? Number(count) : undefined);
const bodies = [];
for (let at = 0; at < spans.length; at += BATCH) {
  const batch = spans.slice(at, at + BATCH);
  bodies.push({
    body: gzipSync(ProtobufTraceSerializer.serializeRequest(batch), { level: 1 }),
    spans: batch.length,
  });
}
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const target = new URL('/v1/traces', url);
const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };

function post(body) {
  return new Promise((resolve, reject) => {
    const sent = request(
      target,
      { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends again what is refused for want of room, as senders do. */
async function postUntilTaken(body) {
  for (;;) {
    const status = await post(body);
    if (status === 200) return;
    if (status !== 503) throw new Error(`answered ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function sendAll(passes) {
  const queue = Array.from({ length: passes }, () => bodies).flat();
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let next = queue.pop(); next; next = queue.pop()) await postUntilTaken(next.body);
    }),
  );
  return { wallMs: performance.now() - startedMs };
}

/** One request after the other at a steady rate, whatever the answers take. */
async function sendPaced(spansPerSecond, seconds) {
  const small = spans.slice(0, 64);
  const body = gzipSync(ProtobufTraceSerializer.serializeRequest(small), { level: 1 });
  const everyMs = (small.length / spansPerSecond) * 1000;
  const times = [];
  const under = [];
  const startedMs = performance.now();
  for (let at = 0; at < seconds * 1000; at += everyMs) {
    const waitMs = at - (performance.now() - startedMs);
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const sentMs = performance.now();
    under.push(postUntilTaken(body).then(() => times.push(performance.now() - sentMs)));
  }
  await Promise.all(under);
  times.sort((one, other) => one - other);
  return { p99Ms: times[Math.floor(times.length * 0.99)] };
}

process.on('message', async ({ warmUp, passes, spansPerSecond, seconds }) => {
  if (warmUp) await sendAll(1);
  process.send(
    passes ? await sendAll(passes) : spansPerSecond ? await sendPaced(spansPerSecond, seconds) : {},
  );
});
process.send({ spans: spans.length, aiSpans });
