import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_RPC_METHOD,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ERROR_TYPE_VALUE_OTHER,
  EVENT_EXCEPTION,
} from '@opentelemetry/semantic-conventions';
import type { Dialect } from './dialect.ts';
import { toErrorText, toErrorType } from './shared/error-text.ts';
import { attribute, events, lastResort, ofSpan, resource } from './shared/sources.ts';
import { statusInText, statusOfClass } from './shared/status-in-text.ts';
import { toCount, toHttpStatus, toText } from './shared/values.ts';
import { wordsOf } from './shared/words.ts';

/**
 * General OpenTelemetry attributes that any instrumentation may set: errors, HTTP, server, user and session. They say
 * nothing about AI, so this entry recognises no span by itself.
 */
export const openTelemetryCommon: Dialect = {
  id: 'opentelemetry',
  title: 'OpenTelemetry, general attributes',
  detect: {},
  content: {
    headers: [
      'http.request.header*',
      'http.response.header*',
      'rpc.request.metadata*',
      'rpc.response.metadata*',
    ],
    url: ['url.full', 'url.query', 'http.url', 'http.target'],
    input: ['db.statement'],
    error: [
      'exception.message',
      'exception.stacktrace',
      'error.message',
      'error.stack',
      'error.stacktrace',
      'error.details',
      'otel.status_description',
      'status.message',
    ],
  },
  fields: {
    serverAddress: [attribute(ATTR_SERVER_ADDRESS, toText)],
    serverPort: [attribute(ATTR_SERVER_PORT, toCount)],
    baseUrl: [attribute(ATTR_URL_FULL, originOf), attribute('http.url', originOf)],

    isError: [ofSpan('status', ({ status }) => (status.code === 'error' ? true : undefined))],
    errorType: [
      attribute(ATTR_ERROR_TYPE, (value) => (NO_TYPE.has(value) ? undefined : toErrorType(value))),
      events(EVENT_EXCEPTION, (list) => toErrorType(lastException(list)?.[ATTR_EXCEPTION_TYPE])),
      attribute(ATTR_EXCEPTION_TYPE, toErrorType),
      lastResort(attribute(ATTR_ERROR_TYPE, toErrorType)),
    ],
    errorMessage: [
      ofSpan('status message', ({ status }) =>
        status.code === 'error' && toHttpStatus(status.message) === undefined
          ? toErrorText(status.message)
          : undefined,
      ),
      events(EVENT_EXCEPTION, (list) => toErrorText(lastException(list)?.[ATTR_EXCEPTION_MESSAGE])),
      attribute(ATTR_EXCEPTION_MESSAGE, toErrorText),
      attribute('error.message', toErrorText),
    ],
    httpStatus: [
      attribute(ATTR_HTTP_RESPONSE_STATUS_CODE, toHttpStatus),
      attribute('http.status_code', toHttpStatus),
      ...[
        // Where PostHog's own route looks.
        'http.status',
        'status_code',
        'exception.status_code',
        'error.status_code',
        'error_status_code',
        'error.code',
        'gen_ai.error.code',
        'litellm.provider.error.code',
      ].map((key) => attribute(key, toHttpStatus)),
      attribute(ATTR_ERROR_TYPE, (value) => toHttpStatus(value) ?? statusInText(value)),
      ofSpan('status message', ({ status }) =>
        status.code === 'error' ? (toHttpStatus(status.message) ?? statusInText(status.message)) : undefined,
      ),
      events(EVENT_EXCEPTION, (list) => {
        const exception = lastException(list);
        return (
          toHttpStatus(exception?.[ATTR_HTTP_RESPONSE_STATUS_CODE]) ??
          toHttpStatus(exception?.['http.status_code']) ??
          toHttpStatus(exception?.['status_code']) ??
          toHttpStatus(exception?.[ATTR_EXCEPTION_TYPE]) ??
          statusInText(exception?.[ATTR_EXCEPTION_MESSAGE])
        );
      }),
      attribute('error.message', statusInText),
      // Where there is no number, the class can stand for one.
      lastResort(attribute(ATTR_ERROR_TYPE, statusOfClass)),
      lastResort(
        events(EVENT_EXCEPTION, (list) => statusOfClass(lastException(list)?.[ATTR_EXCEPTION_TYPE])),
      ),
    ],

    user: [
      attribute('user.id', toText),
      attribute('enduser.id', toText),
      attribute('enduser.pseudo.id', toText),
      // Bare names, which applications give their own spans.
      ...['user_id', 'userId'].map((key) => lastResort(attribute(key, toText))),
    ],
    sessionId: [
      attribute('session.id', toText),
      ...['sessionId', 'conversation_id', 'conversationId', 'conversation.id'].map((key) =>
        lastResort(attribute(key, toText)),
      ),
    ],
    // The method that was called, where no attribute says it.
    streaming: [
      lastResort(attribute(ATTR_RPC_METHOD, (method) => isStreamMethod(method) || undefined)),
      lastResort(ofSpan('span name', ({ name }) => isStreamMethod(name) || undefined)),
    ],
    resourceUser: [resource('user.id', toText), resource('enduser.id', toText)],
    resourceSessionId: [resource('session.id', toText)],
  },
};

/** `ConverseStream`, `bedrock.converse_stream`, `OpenAI.astream_chat`: a word of the last part of the name. */
function isStreamMethod(name: unknown): boolean {
  // Few names have it, and their words take long to find.
  if (typeof name !== 'string' || name.length > 100 || !/stream/i.test(name)) return false;
  return wordsOf(name.slice(name.lastIndexOf('.') + 1)).some(
    (word) => word === 'stream' || word === 'astream',
  );
}

/** Words for an error whose type the emitter does not know; an exception knows better. */
const NO_TYPE: ReadonlySet<unknown> = new Set(['unknown', ERROR_TYPE_VALUE_OTHER]);

function originOf(value: unknown): string | undefined {
  const text = toText(value);
  return text !== undefined && URL.canParse(text) ? new URL(text).origin : undefined;
}

function lastException(
  list: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[],
): Readonly<Record<string, unknown>> | undefined {
  return list.findLast(({ name }) => name === EVENT_EXCEPTION || name === 'gen_ai.client.operation.exception')
    ?.attributes;
}
