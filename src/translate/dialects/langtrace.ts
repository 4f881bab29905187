import type { Dialect } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { systemText, toolList } from './shared/message-sources.ts';
import { own, ownAttribute, parameter, structured } from './shared/sources.ts';
import { toCount, toText } from './shared/values.ts';

/**
 * Langtrace in JavaScript and Python. Names are OpenTelemetry's, in spellings of its own; content stands in span events,
 * of which a stream of Anthropic's has one for each chunk. Source: `@langtrase/typescript-sdk`, `langtrace-python-sdk`.
 */
export const langtrace: Dialect = {
  id: 'langtrace',
  title: 'Langtrace',
  detect: { scopes: ['@langtrase/*', 'langtrace_python_sdk.*'], prefixes: ['langtrace.'] },
  fields: {
    provider: [
      ownAttribute('langtrace.service.name', (name, { span }) =>
        span.attributes['langtrace.service.type'] === 'llm' ? toText(name)?.toLowerCase() : undefined,
      ),
    ],
    responseId: [ownAttribute('gen_ai.response_id', toText)],

    systemInstructions: [own(systemText('instructions'))],
    toolDefinitions: [own(toolList('gen_ai.request.tools'))],
    embeddingInput: [own(structured('gen_ai.request.embedding_inputs', nestedTexts))],
    parameters: [parameter('gen_ai.request.dimensions', 'dimensions')],

    cacheReadTokens: [ownAttribute('gen_ai.usage.cached_tokens', toCount)],

    user: [ownAttribute('user_id', toText), ownAttribute('gen_ai.user', toText)],
    sessionId: [ownAttribute('session_id', toText)],
  },
};

/** Several texts at once stand in a list within the list. */
function nestedTexts(value: unknown): string | readonly string[] | undefined {
  return toTexts(Array.isArray(value) && Array.isArray(value[0]) ? value.flat() : value);
}
