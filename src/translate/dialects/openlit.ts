import type { Dialect, ReadContext } from './dialect.ts';
import { attribute, firstChoice, own, ownAttribute } from './shared/sources.ts';
import { toBoolean, toPositiveCount, toText } from './shared/values.ts';

const STREAM = 'gen_ai.request.stream';
/** What JavaScript wrote before the conventions had a name. */
const IS_STREAM = 'gen_ai.request.is_stream';

/**
 * OpenLIT in JavaScript and Python. The names are OpenTelemetry's; the time to the first token is in seconds where other
 * emitters of that name count milliseconds, and on calls that do not stream it repeats the length of the span.
 * Source: `openlit/openlit` (sdk/typescript, sdk/python).
 */
export const openlit: Dialect = {
  id: 'openlit',
  title: 'OpenLIT',
  detect: { scopes: ['@openlit/*', 'openlit', 'openlit.*'], prefixes: ['openlit.'] },
  fields: {
    streaming: [ownAttribute(IS_STREAM, toBoolean)],
    timeToFirstTokenSeconds: [
      firstChoice(own(attribute('gen_ai.server.time_to_first_token', secondsOfStream))),
    ],
    user: [ownAttribute('gen_ai.request.user', toText)],
  },
};

function secondsOfStream(value: unknown, { span }: ReadContext): number | undefined {
  const { attributes } = span;
  return toBoolean(attributes[STREAM] ?? attributes[IS_STREAM]) === true ? toPositiveCount(value) : undefined;
}
