import type { Message } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { attribute, inside, own, ownAttribute, requestParameters, structured } from './shared/sources.ts';
import { millisecondsToSeconds, toBoolean, toCount, toNumber, toText, toTextList } from './shared/values.ts';

/**
 * OpenRouter Broadcast: one span per request, recorded by OpenRouter itself, with OpenTelemetry's names, a completion in
 * OpenRouter's own shape and the charge in dollars. Below it, spans for each attempt at a provider. The application's
 * `trace` object is read by `trace-attributes.ts`. Source: OpenRouter's Broadcast guides and deliveries that receivers
 * publish as test data.
 */
export const openrouter: Dialect = {
  id: 'openrouter',
  title: 'OpenRouter Broadcast',
  detect: {
    services: ['openrouter'],
    scopes: ['openrouter'],
    prefixes: ['trace.metadata.openrouter.', 'trace.metadata.openrouter_generation.'],
  },
  correctKind,
  // OpenRouter counts as OpenAI does, for every provider behind it.
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    outputMessages: [own(structured('gen_ai.completion', readCompletion))],
    toolDefinitions: [
      own(inside('gen_ai.completion', 'rawRequest/tools', readToolDefinitions)),
      own(inside('gen_ai.prompt', 'tools', readToolDefinitions)),
    ],
    parameters: [
      own(requestParameters('gen_ai.completion', ['rawRequest'])),
      own(requestParameters('gen_ai.prompt')),
    ],
    streaming: [attribute('trace.metadata.openrouter_generation.streamed', toBoolean)],

    cacheReadTokens: [attribute('gen_ai.usage.input_tokens.cached', toCount)],
    cacheWriteTokens: [attribute('gen_ai.usage.input_tokens.cache_write', toCount)],
    reasoningTokens: [attribute('gen_ai.usage.output_tokens.reasoning', toCount)],
    totalCostUsd: [attribute('trace.metadata.openrouter_generation.usage', toNumber)],

    timeToFirstTokenSeconds: [attribute('trace.metadata.openrouter.first_token_ms', millisecondsToSeconds)],
    isError: [ownAttribute('span.level', (level) => (level === 'ERROR' ? true : undefined))],

    traceName: [ownAttribute('trace.name', toText)],
    tags: [ownAttribute('trace.tags', toTextList)],
  },
};

/** The span that OpenRouter sends to see whether a destination answers. */
const CONNECTION_TEST = 'openrouter-connection-test';

/** Attempts at providers and moderation carry a response id, but only the request's own span names the model. */
function correctKind(context: KindContext): KindCorrection | undefined {
  if (context.span.name === CONNECTION_TEST) {
    return { kind: 'ignore', because: "it is OpenRouter's test of the connection, and nobody's call" };
  }
  if (context.get('requestModel') !== undefined || context.get('responseModel') !== undefined)
    return undefined;
  return { kind: 'span', because: 'of the spans of one OpenRouter request only one names the model' };
}

/** `{completion, reasoning, toolCalls}`, beside which the whole request may stand. */
function readCompletion(value: unknown): readonly Message[] | undefined {
  if (!isRecord(value) || !('completion' in value)) return undefined;
  const { completion, reasoning, toolCalls } = value;
  return readMessages(
    { text: typeof completion === 'string' ? completion : '', reasoning, toolCalls },
    'assistant',
  );
}
