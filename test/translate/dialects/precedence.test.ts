import { describe, expect, it } from 'vitest';
import type { LlmCall } from '../../../src/translate/call/llm-call.ts';
import { readParts } from '../../support/dialect-rows.ts';

/**
 * Orders of belief between conventions that meet on one span. For each fact: attributes, best first, each with a value
 * of its own. The best must win; without it the next; and so on.
 */
interface Order {
  readonly fact: string;
  readonly read: (call: LlmCall) => unknown;
  readonly places: readonly (readonly [attribute: string, value: unknown, expected?: unknown])[];
}

const text = (list: LlmCall['input']) =>
  list?.[0]?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
const message = (words: string) => JSON.stringify([{ role: 'user', content: words }]);

const ORDERS: readonly Order[] = [
  {
    fact: 'model',
    read: (call) => call.model,
    places: [
      ['gen_ai.response.model', 'a'],
      ['ai.response.model', 'b'],
      ['llm.response.model_name', 'c'],
      ['llm.response.model', 'd'],
      ['gen_ai.request.model', 'e'],
      ['ai.model.id', 'f'],
      ['llm.request.model_name', 'g'],
      ['llm.model_name', 'h'],
      ['llm.invocation_parameters', '{"model":"j"}', 'j'],
    ],
  },
  {
    fact: 'provider',
    read: (call) => call.provider,
    places: [
      ['gen_ai.provider.name', 'a'],
      ['gen_ai.system', 'b'],
      ['ai.model.provider', 'c'],
      ['llm.provider', 'd'],
      ['llm.system', 'e'],
    ],
  },
  {
    fact: 'input',
    read: (call) => text(call.input),
    places: [
      ['gen_ai.input.messages', message('a'), 'a'],
      ['ai.prompt.messages', message('b'), 'b'],
      ['llm.input_messages.0.message.content', 'c'],
      ['gen_ai.prompt.0.content', 'd'],
      ['gen_ai.prompt', message('e'), 'e'],
      ['gen_ai.request.messages', message('f'), 'f'],
      ['ai.input_messages', message('g'), 'g'],
      ['input.value', 'h'],
    ],
  },
  {
    fact: 'output',
    read: (call) => text(call.output),
    places: [
      ['gen_ai.output.messages', message('a'), 'a'],
      ['ai.response.text', 'b'],
      ['llm.output_messages.0.message.content', 'c'],
      ['gen_ai.completion.0.content', 'd'],
      ['gen_ai.completion', message('e'), 'e'],
      ['gen_ai.response.text', 'f'],
      ['ai.responses', message('g'), 'g'],
      ['output.value', 'h'],
    ],
  },
  {
    fact: 'input tokens',
    read: (call) => call.usage?.inputTokens,
    places: [
      ['gen_ai.usage.input_tokens', 1],
      ['gen_ai.usage.prompt_tokens', 2],
      ['ai.usage.inputTokens', 3],
      ['ai.usage.promptTokens', 4],
      ['llm.token_count.prompt', 5],
      ['llm.usage.prompt_tokens', 6],
      ['ai.prompt_tokens.used', 7],
    ],
  },
  {
    fact: 'cached tokens read',
    read: (call) => call.usage?.cacheReadTokens,
    places: [
      ['gen_ai.usage.cache_read.input_tokens', 1],
      ['gen_ai.usage.cache_read_input_tokens', 2],
      ['gen_ai.usage.input_tokens.cached', 3],
      ['ai.usage.inputTokenDetails.cacheReadTokens', 4],
      ['ai.usage.cachedInputTokens', 5],
      ['llm.token_count.prompt_details.cache_read', 6],
      ['llm.token_count.prompt_details.cache_input', 7],
      ['output.value', '{"usage":{"cache_read_input_tokens":8}}', 8],
    ],
  },
  {
    fact: 'cached tokens written',
    read: (call) => call.usage?.cacheWriteTokens,
    places: [
      ['gen_ai.usage.cache_write.input_tokens', 1],
      ['gen_ai.usage.cache_creation.input_tokens', 2],
      ['gen_ai.usage.cache_creation_input_tokens', 3],
      ['gen_ai.usage.input_tokens.cache_write', 4],
      ['ai.usage.inputTokenDetails.cacheWriteTokens', 5],
      ['llm.token_count.prompt_details.cache_write', 6],
    ],
  },
  {
    fact: 'reasoning tokens',
    read: (call) => call.usage?.reasoningTokens,
    places: [
      ['gen_ai.usage.reasoning.output_tokens', 1],
      ['gen_ai.usage.reasoning_tokens', 2],
      ['gen_ai.usage.output_tokens.reasoning', 3],
      ['ai.usage.outputTokenDetails.reasoningTokens', 4],
      ['llm.token_count.completion_details.reasoning', 5],
    ],
  },
  {
    fact: 'total cost',
    read: (call) => call.cost?.totalUsd,
    places: [
      ['gen_ai.usage.cost', 1],
      ['gen_ai.usage.total_cost', 2],
      ['gen_ai.cost.total_tokens', 3],
      ['llm.cost.total', 4],
    ],
  },
  {
    fact: 'finish reason',
    read: (call) => call.finishReason,
    places: [
      ['gen_ai.response.finish_reasons', ['a'], 'a'],
      ['gen_ai.response.finish_reason', 'b'],
      ['ai.response.finishReason', 'c'],
      ['llm.finish_reason', 'd'],
      ['gen_ai.completion.0.finish_reason', 'e'],
      ['llm.response.finish_reason', 'f'],
      ['llm.response.stop_reason', 'g'],
      ['anthropic.message.stop_reason', 'h'],
    ],
  },
  {
    fact: 'session',
    read: (call) => call.trace.sessionId,
    places: [
      ['$ai_session_id', 'a'],
      ['anthropic.session.id', 'f'],
      ['gen_ai.conversation.id', 'b'],
      ['session.id', 'c'],
      ['ai.telemetry.metadata.sessionId', 'd'],
      ['traceloop.association.properties.session_id', 'e'],
      ['traceloop.correlation.id', 'g'],
    ],
  },
  {
    fact: 'user',
    read: (call) => call.trace.user,
    places: [
      ['posthog.distinct_id', 'a'],
      ['user.id', 'b'],
      ['enduser.id', 'c'],
      ['ai.telemetry.metadata.userId', 'd'],
      ['traceloop.association.properties.user_id', 'e'],
      ['metadata', '{"user_id":"f"}', 'f'],
      ['gen_ai.user', 'g'],
      ['llm.user', 'h'],
    ],
  },
  {
    fact: 'prompt name',
    read: (call) => call.promptName,
    places: [
      ['$ai_prompt_name', 'a'],
      ['gen_ai.prompt.name', 'b'],
      ['traceloop.prompt.key', 'c'],
      ['prompt.id', 'd'],
    ],
  },
  {
    fact: 'prompt version',
    read: (call) => call.promptVersion,
    places: [
      ['$ai_prompt_version', 'a'],
      ['gen_ai.prompt.version', 'b'],
      ['traceloop.prompt.version', 'c'],
      ['llm.prompt_template.version', 'd'],
    ],
  },
];

/** OpenInference's and the AI SDK's own spans, so that their common names are read too. */
const BASE = { 'openinference.span.kind': 'LLM', 'ai.operationId': 'ai.generateText.doGenerate' };

describe.each(ORDERS)('$fact', ({ read, places }) => {
  it.each(places.map(([name], index) => [name, index] as const))('%s', (_name, index) => {
    const rest = places.slice(index);
    const attributes = Object.fromEntries(rest.map(([name, value]) => [name, value]));
    const [, value, expected] = rest[0] ?? [];
    expect(read(readParts({ attributes: { ...BASE, ...attributes } }))).toEqual(expected ?? value);
  });
});
