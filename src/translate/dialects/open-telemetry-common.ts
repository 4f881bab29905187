import type { Dialect } from './dialect.ts';
import { attribute, events, lastResort, ofSpan, resource } from './shared/sources.ts';
import { statusInMessage, toCount, toHttpStatus, toText } from './shared/values.ts';

/**
 * General OpenTelemetry attributes that any instrumentation may set: errors, HTTP, server, user and session. They say
 * nothing about AI, so this entry recognises no span by itself.
 */
export const openTelemetryCommon: Dialect = {
  id: 'opentelemetry',
  title: 'OpenTelemetry, general attributes',
  detect: {},
  fields: {
    serverAddress: [attribute('server.address', toText)],
    serverPort: [attribute('server.port', toCount)],
    baseUrl: [attribute('url.full', originOf), attribute('http.url', originOf)],

    isError: [ofSpan('status', ({ status }) => (status.code === 'error' ? true : undefined))],
    errorType: [
      attribute('error.type', (value) => (NO_TYPE.has(value) ? undefined : toText(value))),
      events('exception', (list) => toText(lastException(list)?.['exception.type'])),
      attribute('exception.type', toText),
      lastResort(attribute('error.type', toText)),
    ],
    errorMessage: [
      ofSpan('status message', ({ status }) =>
        status.code === 'error' && toHttpStatus(status.message) === undefined
          ? toText(status.message)
          : undefined,
      ),
      events('exception', (list) => toText(lastException(list)?.['exception.message'])),
      attribute('exception.message', toText),
      attribute('error.message', toText),
    ],
    httpStatus: [
      attribute('http.response.status_code', toHttpStatus),
      attribute('http.status_code', toHttpStatus),
      attribute('error.status_code', toHttpStatus),
      attribute('error.type', toHttpStatus),
      ofSpan(
        'status message',
        ({ status }) => toHttpStatus(status.message) ?? statusInMessage(status.message),
      ),
      events('exception', (list) => {
        const exception = lastException(list);
        return (
          toHttpStatus(exception?.['exception.type']) ?? statusInMessage(exception?.['exception.message'])
        );
      }),
    ],

    user: [
      attribute('user.id', toText),
      attribute('enduser.id', toText),
      attribute('enduser.pseudo.id', toText),
      lastResort(resource('user.id', toText)),
    ],
    sessionId: [attribute('session.id', toText)],
  },
};

/** Words for an error whose type the emitter does not know; an exception knows better. */
const NO_TYPE: ReadonlySet<unknown> = new Set(['unknown', '_OTHER']);

function originOf(value: unknown): string | undefined {
  const text = toText(value);
  return text !== undefined && URL.canParse(text) ? new URL(text).origin : undefined;
}

function lastException(
  list: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[],
): Readonly<Record<string, unknown>> | undefined {
  return list.findLast(({ name }) => name === 'exception' || name === 'gen_ai.client.operation.exception')
    ?.attributes;
}
