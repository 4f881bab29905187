import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { type Answer, listen, type StandIn } from './listen.ts';

export type SentEvent = Readonly<Record<string, unknown>> & {
  readonly event: string;
  readonly distinct_id: string;
  readonly properties: Readonly<Record<string, unknown>>;
};

/** The route of PostHog that takes AI events. */
const ROUTE = '/i/v0/ai/batch/';

/** A stand-in for PostHog's capture of AI events: takes what the real one takes, and keeps it. */
export async function startStandInPostHog(): Promise<StandIn & { readonly events: readonly SentEvent[] }> {
  const events: SentEvent[] = [];
  const server = await listen((request, body) => capture(request, body, events));
  return { ...server, events };
}

function capture(request: IncomingMessage, body: Buffer, events: SentEvent[]): Answer {
  if (request.method !== 'POST' || request.url !== ROUTE) return { status: 404, body: {} };
  const json = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const { batch } = JSON.parse(json.toString('utf8')) as { readonly batch: readonly SentEvent[] };
  events.push(...batch);
  return { status: 200, body: { status: 'Ok' } };
}
