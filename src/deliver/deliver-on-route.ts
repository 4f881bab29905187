import { borrowScratch, returnScratch } from '../json/memory/scratch-memory.ts';
import { type Compression, compressBody, type EncodedBody, isCompressed } from './compress.ts';
import { type BatchRun, deliverBatch } from './deliver-batch.ts';
import { MAX_BATCH_EVENTS, packEvents } from './pack.ts';
import type { Route } from './posthog-routes.ts';
import { buildRequestBody, envelopeBytes, requestBodyBytes } from './request-body.ts';
import type { RouteMemory } from './route-memory.ts';
import { fitToRoute, type Shrink } from './shrink-event.ts';
import type { Tally } from './tally.ts';
import type { SerialisedEvent, Transport } from './transport.ts';

/** Requests of one export under way at a time: the second hides the round trip of the first. */
const MAX_CONCURRENT_BATCHES = 2;

/** One export and what it needs, whatever the route. */
export interface ExportJob {
  readonly apiKey: string;
  readonly endpoint: string;
  readonly compression: Compression;
  /** Retries already. */
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly shrink: Shrink | undefined;
  readonly memory: RouteMemory;
  readonly tally: Tally;
  /** Called with why the server does not serve a route. */
  readonly noteMissing: (message: string) => void;
}

/** Sends events by one route. Returns those that have no fate yet because PostHog does not serve the route. */
export async function deliverOnRoute(
  events: readonly SerialisedEvent[],
  route: Route,
  job: ExportJob,
): Promise<readonly SerialisedEvent[]> {
  const { maxEventBytes, path } = route;
  const { batches, tooLarge } = packEvents(
    events.map((event) => fitToRoute(event, maxEventBytes, job.shrink)),
    {
      maxEventBytes,
      maxBatchBytes: job.memory.maxBatchBytes(),
      maxBatchEvents: MAX_BATCH_EVENTS,
      envelopeBytes: envelopeBytes(job.apiKey),
    },
  );
  for (const { given, json } of tooLarge) {
    job.tally.failed(
      [given],
      'too-large',
      `the event has ${json.length} bytes; ${path} takes ${maxEventBytes}`,
    );
  }
  const unserved: SerialisedEvent[] = [];
  const run: BatchRun = {
    send: (batch) => sendBatch(batch, route, job),
    shrink: job.shrink,
    tally: job.tally,
    onBodyLimit: job.memory.reportBodyLimit,
    onRouteMissing: (missed, message) => {
      if (message !== undefined) job.noteMissing(message);
      unserved.push(...missed.map(({ given }) => given));
    },
    refusalsInARow: 0,
    halted: undefined,
  };
  await eachConcurrently(batches, async (batch) => {
    // Once the route is known to be missing, the other batches need not ask again.
    if (unserved.length > 0) {
      run.onRouteMissing(batch);
    } else {
      await deliverBatch(batch, run);
    }
  });
  return unserved;
}

/** Body and headers are made once; retries send the same bytes. */
async function sendBatch(batch: readonly SerialisedEvent[], route: Route, job: ExportJob) {
  const { body, encoding } = await encodeBody(batch, job);
  return job.transport.send({
    url: `${job.endpoint}${route.path}`,
    body,
    events: batch.length,
    headers: {
      'content-type': 'application/json',
      ...(encoding === 'gzip' ? { 'content-encoding': encoding } : {}),
    },
    signal: job.signal,
  });
}

async function encodeBody(batch: readonly SerialisedEvent[], job: ExportJob): Promise<EncodedBody> {
  const { apiKey, compression } = job;
  const bytes = requestBodyBytes(apiKey, batch);
  if (!isCompressed(bytes, compression)) {
    return { body: buildRequestBody(apiKey, batch), encoding: 'identity' };
  }
  const scratch = borrowScratch(bytes);
  const encoded = await compressBody(buildRequestBody(apiKey, batch, scratch), compression);
  // A body that was not compressed stands in there until it is delivered.
  if (encoded.encoding === 'gzip') returnScratch(scratch);
  return encoded;
}

async function eachConcurrently<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      await work(item);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: MAX_CONCURRENT_BATCHES }, worker));
  // Not before all have ended: the caller then uses the memory of the events again.
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
