import type { Dialect, EventsSource } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, events, own, ownAttribute } from './shared/sources.ts';
import { toCount, toHttpStatus, toText } from './shared/values.ts';

const RESPONSE = 'qwen-code.api_response';

/**
 * Qwen Code. Its spans have OpenTelemetry's names; prompt and answer stand in log records alone.
 * Source: `QwenLM/qwen-code` (packages/core/src/telemetry).
 */
export const qwenCode: Dialect = {
  id: 'qwen-code',
  title: 'Qwen Code',
  framework: 'qwen-code',
  detect: { scopes: ['qwen-code'], prefixes: ['qwen-code.'] },
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [
      kindByName({
        'qwen-code.interaction': 'agent',
        'qwen-code.llm_request': 'generation',
        'qwen-code.tool': 'tool',
        'qwen-code.*': 'span',
      }),
    ],
    cacheReadTokens: [inResponse('cached_content_token_count')],
    reasoningTokens: [ownAttribute('thoughts_token_count', toCount), inResponse('thoughts_token_count')],
    finishReason: [ownAttribute('finish_reason', toText)],
    errorMessage: [
      own(
        events('qwen-code.api_error', (list) => {
          const error = list.find(({ name }) => name === 'qwen-code.api_error');
          return toText(error?.attributes['error.message'] ?? error?.attributes.error_message);
        }),
      ),
      own(attribute('error', (value) => (typeof value === 'string' ? toText(value) : undefined))),
    ],
    httpStatus: [ownAttribute('error_status_code', toHttpStatus)],
  },
};

function inResponse(key: string): EventsSource<number> {
  return own(
    events(RESPONSE, (list) => toCount(list.find(({ name }) => name === RESPONSE)?.attributes[key])),
  );
}
