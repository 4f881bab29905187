import type { Logger } from '../ledger/log.ts';
import { classifyResponse } from './classify-response.ts';
import { systemClock } from './clock.ts';
import type { Connections } from './connections.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpDispatcher } from './http-dispatcher.ts';
import { describeNetworkError } from './network-failure.ts';
import { exchangeInForm, redirectTarget, type SlashForms } from './redirects.ts';
import { type HeadersResult, type HeadersSource, mergeHeaders } from './request-headers.ts';
import { parseHttpDate, parseRetryAfter } from './retry-after.ts';
import { withTracingSuppressed } from './suppress-tracing.ts';
import { startTimeLimit, type TimeLimit, untilAborted } from './time-limit.ts';
import type { Transport, TransportOutcome, TransportRequest } from './transport.ts';

export interface UndiciTransportOptions {
  /** Makes the requests; never closed by the transport. Default: undici's global dispatcher. */
  readonly dispatcher?: HttpDispatcher | undefined;
  /** Makes the requests instead. */
  readonly connections?: Connections | undefined;
  /** Milliseconds for one request: the headers function, connecting, sending and reading the answer together. */
  readonly timeoutMs: number;
  /** Added to each request. They may replace `user-agent`, but no header that describes body or connection. */
  readonly headers?: HeadersSource | undefined;
  /** Value of `user-agent`, such as `posthog-llm-exporter/1.0.0`. Default: none is sent. */
  readonly userAgent?: string | undefined;
  readonly logger: Logger;
  /** Milliseconds since the epoch, to read dates in `Retry-After`. Default: the clock of the machine. */
  readonly now?: (() => number) | undefined;
}

/**
 * A transport over undici. Every failure becomes an outcome; `send` never throws or rejects. A certificate that is
 * not trusted is a final refusal (`tls`): waiting for seconds does not mend it. All other network failures may pass.
 * Requests run with tracing suppressed, so the exporter never makes spans of its own.
 */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const warned = new Set<string>();
  const warnOnce = (name: string): void => {
    if (!warned.has(name)) {
      warned.add(name);
      options.logger.warn(
        `The header "${name}" of the option "headers" is set by the exporter and was ignored.`,
      );
    }
  };
  const forms: SlashForms = new Map();
  return {
    send: (request) => withTracingSuppressed(() => send(request, options, forms, warnOnce)),
  };
}

async function send(
  request: TransportRequest,
  options: UndiciTransportOptions,
  forms: SlashForms,
  onIgnored: (name: string) => void,
): Promise<TransportOutcome> {
  const timeoutMs = Math.min(options.timeoutMs, request.timeoutMs ?? options.timeoutMs);
  const limit = startTimeLimit(timeoutMs, request.signal);
  try {
    const merged = await headersFor(request, options, limit);
    if (limit.cause() !== undefined) {
      return ended(limit, 'the "headers" function did not return in time');
    }
    if ('outcome' in merged) {
      return merged.outcome;
    }
    if (merged.type === 'unusable') {
      return { type: 'refused', reason: 'headers', message: merged.message };
    }
    merged.ignored.forEach(onIgnored);
    const exchange = (dispatcher: HttpDispatcher | undefined) =>
      exchangeInForm(
        {
          url: request.url,
          method: 'POST',
          headers: merged.headers,
          body: request.body,
          dispatcher,
          signal: limit.signal,
        },
        forms,
      );
    const answer = await (options.connections
      ? options.connections.use(exchange)
      : exchange(options.dispatcher));
    return outcomeOf(request.url, answer, limit, options.now ?? systemClock.now);
  } catch (error) {
    return limit.cause() === undefined
      ? networkOutcome(error)
      : ended(limit, 'the host did not answer in time');
  } finally {
    limit.dispose();
  }
}

async function headersFor(
  request: TransportRequest,
  { headers: source, userAgent }: UndiciTransportOptions,
  limit: TimeLimit,
): Promise<HeadersResult | { readonly outcome: TransportOutcome }> {
  try {
    const theirs =
      typeof source === 'function' ? await untilAborted(Promise.resolve(source()), limit.signal) : source;
    const own = {
      ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
      // Answers are a few bytes, and one that a proxy compresses would have to be read first.
      'accept-encoding': 'identity',
      ...request.headers,
    };
    return mergeHeaders(own, theirs ?? {});
  } catch (error) {
    // The function may fetch a token: that can work the next time. Its message may hold one, so only the name is reported.
    const name = error instanceof Error ? error.name : typeof error;
    const message = `the "headers" function failed (${name})`;
    return { outcome: { type: 'retry', reason: 'headers', message } };
  }
}

function outcomeOf(url: string, answer: HttpAnswer, limit: TimeLimit, now: () => number): TransportOutcome {
  const { status, headers, text, complete, cutOffBy, isUndecoded, isOfProxy } = answer;
  // An answer that breaks off may be trusted when it refuses, as servers close early then, but not as a success.
  if (cutOffBy !== undefined && status >= 200 && status < 300) {
    return limit.cause() === undefined
      ? networkOutcome(cutOffBy)
      : ended(limit, 'the answer was not complete in time');
  }
  const contentType = headers['content-type'];
  return classifyResponse({
    status,
    contentType: Array.isArray(contentType) ? contentType[0] : contentType,
    text,
    complete,
    isUndecoded,
    isOfProxy,
    redirectsTo: redirectTarget(url, answer),
    retryAfterMs: parseRetryAfter(headers['retry-after'], saidAtMs(headers['date']) ?? now()),
  });
}

/** A date in an answer is one of the server's clock, which this machine's need not agree with. */
function saidAtMs(date: string | string[] | undefined): number | undefined {
  return typeof date === 'string' ? parseHttpDate(date) : undefined;
}

function networkOutcome(error: unknown): TransportOutcome {
  const { kind, description: message } = describeNetworkError(error);
  switch (kind) {
    case 'tls':
      return { type: 'refused', reason: 'tls', message };
    case 'unusable':
      return { type: 'refused', reason: 'network', message };
    case 'timeout':
      return { type: 'retry', reason: 'timeout', message };
    case 'dns':
    case 'refused':
    case 'reset':
    case 'other':
      return { type: 'retry', reason: 'network', message };
  }
}

function ended(limit: TimeLimit, late: string): TransportOutcome {
  return limit.cause() === 'aborted'
    ? { type: 'retry', reason: 'aborted', message: 'the request was aborted' }
    : { type: 'retry', reason: 'timeout', message: late };
}
