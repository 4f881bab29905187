import { gunzipSync } from 'node:zlib';
import { json, listen, text } from './listen.js';

/** PostHog refuses larger bodies with 413. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/**
 * A stand-in for PostHog's capture of AI events, as strict as the real one about route, encoding, key and shape.
 * `events` holds what was accepted; `requests` holds `{ bytes, events, status }` of every request.
 */
export async function startPostHog() {
  const events = [];
  const requests = [];
  const server = await listen((request, body) => {
    const answer = capture(request, body, events);
    requests.push({ bytes: body.length, ...answer });
    return answer.status === 200 ? json(200, { status: 'Ok' }) : text(answer.status, answer.message);
  });
  return { ...server, events, requests };
}

function capture(request, body, events) {
  const refuse = (status, message) => ({ status, message, events: 0 });
  const path = new URL(request.url, 'http://stand-in').pathname;
  if (request.method !== 'POST' || path !== '/i/v0/ai/batch/') return refuse(404, 'no such route');
  if (body.length > MAX_BODY_BYTES) return refuse(413, 'body too large');

  const payload = parse(request.headers['content-encoding'] === 'gzip', body);
  if (!payload) return refuse(400, 'body is not JSON');
  if (!/^phc_\w+$/.test(payload.api_key)) return refuse(401, 'not a project API key');
  if (!Array.isArray(payload.batch) || payload.batch.length === 0) return refuse(400, 'empty batch');
  for (const event of payload.batch) {
    if (!/^\$ai_\w+$/.test(event.event)) return refuse(400, `not an AI event: ${event.event}`);
    if (typeof event.distinct_id !== 'string') return refuse(400, 'missing distinct_id');
    if (typeof event.timestamp !== 'string') return refuse(400, 'timestamp is not a string');
  }
  events.push(...payload.batch);
  return { status: 200, events: payload.batch.length };
}

function parse(gzipped, body) {
  try {
    return JSON.parse((gzipped ? gunzipSync(body) : body).toString('utf8'));
  } catch {
    return undefined;
  }
}
