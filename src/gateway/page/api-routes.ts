import type { IncomingMessage, ServerResponse } from 'node:http';
import { traceUrlOf } from '../../config/endpoint.ts';
import type { PostHogLLMEvent } from '../../config/options.ts';
import { explainSpans } from '../../explain/explain-spans.ts';
import { shownUrl } from '../../ledger/shown-url.ts';
import { packageVersion } from '../../package-info.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import { writeOtlpJson } from '../../translate/span/write-otlp-json.ts';
import { clearContent } from '../../translate/translate-call.ts';
import type { Lane } from '../lanes/lane.ts';
import type { Lanes } from '../lanes/lanes.ts';
import { type AdminAnswer, type AdminRoute, json } from '../observe/admin-http.ts';
import type { Counts } from '../observe/figures.ts';
import type { RecentCall, RecentCalls } from '../observe/recent-calls.ts';
import type { SenderActivity } from '../observe/sender-activity.ts';
import type {
  About,
  CallAnswer,
  DestinationAnswer,
  DestinationsAnswer,
  NotReloaded,
  ReceivingAddresses,
  WaterfallSpan,
} from './api-answers.ts';
import { sendTestTrace } from './send-test-trace.ts';

export interface PageOptions {
  readonly lanes: Lanes;
  readonly recent: RecentCalls;
  /** Whether prompts and answers are shown. */
  readonly content: boolean;
  /** Nothing is sent anywhere. */
  readonly isDev: boolean;
  /** Where applications send to. */
  readonly addresses: () => ReceivingAddresses;
  /** Of the newest reload, if it changed nothing. */
  readonly notReloaded: () => NotReloaded | undefined;
  readonly senders: () => readonly SenderActivity[];
  /** Answers by route and code. */
  readonly requests: Counts;
  /** Aborted when open connections have to end. */
  readonly stopping: AbortSignal;
}

/** How often a line is sent to a page that is open, so that nothing in between takes the connection for dead. */
const HEARTBEAT_MS = 15_000;

/** What may wait for a page that is open and does not read. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** What the page asks for. Without `content` no answer holds any. */
export function pageApiRoutes(options: PageOptions): readonly AdminRoute[] {
  const { lanes, recent } = options;
  return [
    get('/api/about', () => json(200, aboutOf(options))),
    get('/api/senders', () =>
      json(200, { senders: options.senders(), unknownKeys: unknownKeysOf(options.requests) }),
    ),
    get('/api/calls', () => json(200, recent.list())),
    get('/api/stream', (request, response) => stream(options, request, response)),
    get('/api/call', (request) => callAnswer(parameter(request, 'id'), options)),
    get('/api/trace', (request) => json(200, waterfallOf(parameter(request, 'traceId'), options))),
    get('/api/trace.json', (request) => traceDownload(parameter(request, 'traceId'), options)),
    get('/api/destinations', () =>
      json(200, {
        destinations: destinationsOf(lanes),
        notReloaded: options.notReloaded(),
      } satisfies DestinationsAnswer),
    ),
    {
      path: '/api/test',
      method: 'POST',
      access: 'token',
      answer: async (request) => {
        const result = await lanes.test(parameter(request, 'destination'));
        return result ? json(200, result) : unknown('destination');
      },
    },
    {
      path: '/api/send-test',
      method: 'POST',
      access: 'token',
      answer: async (request) => {
        const lane = lanes.current().find(({ name }) => name === parameter(request, 'destination'));
        return lane ? json(200, await sendTestTrace(lane)) : unknown('destination');
      },
    },
  ];
}

function get(path: string, answer: AdminRoute['answer']): AdminRoute {
  return { path, method: 'GET', access: 'token', answer };
}

function unknown(what: string): AdminAnswer {
  return json(404, { message: `There is no such ${what} (any more).` });
}

function parameter(request: IncomingMessage, name: string): string {
  return new URL(request.url ?? '/', 'http://page').searchParams.get(name) ?? '';
}

/** Server-sent events: one `call` for each event that is made or whose fate becomes known. */
function stream(
  { recent, stopping }: PageOptions,
  request: IncomingMessage,
  response: ServerResponse,
): undefined {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (call: RecentCall): void => {
    // A page that does not read comes again, and asks for the list.
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    else response.write(`event: call\ndata: ${JSON.stringify(call)}\n\n`);
  };
  response.write(': open\n\n');
  const unsubscribe = recent.subscribe(send);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  const end = (): void => void response.end();
  stopping.addEventListener('abort', end, { once: true });
  request.once('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
    stopping.removeEventListener('abort', end);
  });
  return undefined;
}

function callAnswer(id: string, { lanes, recent, content }: PageOptions): AdminAnswer {
  const found = recent.get(id);
  if (!found) return unknown('call');
  const { call, event } = found;
  const lane = lanes.current().find(({ name }) => name === call.destination);
  return json(200, {
    call,
    event: content ? event : withoutContent(event),
    explanation: lane && explanationOf(call, recent.spansOfTrace(call.traceId), lane, content),
    postHogUrl: lane && call.fate === 'taken' ? postHogUrlOf(event, lane) : undefined,
  } satisfies CallAnswer);
}

function postHogUrlOf({ properties }: PostHogLLMEvent, { pipeline }: Lane): string | undefined {
  const { endpoint, uiHost } = pipeline.config;
  const traceId = properties.$ai_trace_id;
  return typeof traceId === 'string' ? traceUrlOf(traceId, endpoint, uiHost) : undefined;
}

/** By the rules of the destination, over the spans of the trace that are still held. */
function explanationOf(call: RecentCall, spans: readonly SpanView[], lane: Lane, showContent: boolean) {
  const index = spans.findIndex(({ spanId }) => spanId === call.spanId);
  if (index < 0) return undefined;
  return explainSpans(spans, { translate: lane.pipeline.translate, enabled: true, showContent })[index];
}

function withoutContent(event: PostHogLLMEvent): PostHogLLMEvent {
  const { timestamp = '', ...rest } = event;
  const content = { media: 'remove', mask: undefined, redact: [], metadataPrefix: 'metadata_' } as const;
  return clearContent({ ...rest, timestamp } as Parameters<typeof clearContent>[0], {
    privacyMode: true,
    content,
  });
}

/** Names of spans may hold content. Without it, each has the name that its event has, from which privacy has taken that. */
function waterfallOf(traceId: string, { recent, lanes, content }: PageOptions): WaterfallSpan[] {
  const ofTrace = recent.list().filter((call) => call.traceId === traceId);
  const names = new Map(ofTrace.map((call) => [call.spanId, call.name]));
  const isWithheld = lanes.current().some((lane) => !lane.sendsContentOf());
  const nameOf = ({ spanId, name }: SpanView): string =>
    content ? name : (names.get(spanId) ?? (isWithheld ? '' : name));
  return recent.spansOfTrace(traceId).map((span) => waterfallSpan(span, nameOf(span)));
}

function waterfallSpan(span: SpanView, name: string): WaterfallSpan {
  const { spanId, parentSpanId, scope, startTimeMs, endTimeMs, status } = span;
  return {
    spanId,
    parentSpanId,
    name,
    scope: scope.name,
    startMs: startTimeMs,
    endMs: endTimeMs,
    isError: status.code === 'error',
  };
}

/** The spans of a trace as they were received, for a bug report or a test. They hold content. */
function traceDownload(traceId: string, { recent, content }: PageOptions): AdminAnswer {
  if (!content)
    return json(403, { message: 'Spans hold content, which this page does not show. Set page.content.' });
  const spans = recent.spansOfTrace(traceId);
  if (spans.length === 0) return unknown('trace');
  const headers = {
    'content-disposition': `attachment; filename="trace-${traceId.replace(/[^\w-]/g, '_')}.json"`,
  };
  return { ...json(200, writeOtlpJson(spans)), headers };
}

function destinationsOf(lanes: Lanes): DestinationAnswer[] {
  const health = new Map(lanes.health().map((each) => [each.name, each]));
  return lanes.current().map(({ name, pipeline }) => ({
    ...(health.get(name) ?? { name, state: 'ok' }),
    endpoint: shownUrl(pipeline.config.endpoint),
    privacyMode: pipeline.config.privacyMode !== false,
    stats: pipeline.stats(),
  }));
}

function aboutOf({ isDev, content, addresses }: PageOptions): About {
  return { version: packageVersion, isDev, content, ...addresses() };
}

function unknownKeysOf(requests: Counts): number {
  const refused = [...requests.values()].filter(({ labels }) => UNAUTHENTICATED.has(labels.code ?? ''));
  return refused.reduce((sum, { count }) => sum + count, 0);
}

/** HTTP's and gRPC's word for it. */
const UNAUTHENTICATED: ReadonlySet<string> = new Set(['401', '16']);
