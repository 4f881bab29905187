import { describe, expect, it } from 'vitest';
import { chatProperties, eventOf } from '../../support/events.ts';

/** One row for each mapping rule: attributes of a chat span, and the properties that must come of them. */
const rows: readonly (readonly [
  rule: string,
  attributes: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, unknown>>,
])[] = [
  ['requested model', {}, { $ai_model: 'gpt-4o' }],
  ['used model before requested', { 'gen_ai.response.model': 'gpt-4o-2024' }, { $ai_model: 'gpt-4o-2024' }],
  [
    'provider, newest name',
    { 'gen_ai.provider.name': 'anthropic', 'gen_ai.system': 'openai' },
    { $ai_provider: 'anthropic' },
  ],
  ['provider, old name', { 'gen_ai.system': 'openai' }, { $ai_provider: 'openai' }],
  ['provider alias', { 'gen_ai.system': 'az.ai.openai' }, { $ai_provider: 'azure' }],
  ['provider of a framework', { 'gen_ai.system': 'strands-agents' }, { $ai_provider: 'openai' }],
  [
    'provider from the model',
    { 'gen_ai.request.model': 'mistralai/mistral-large' },
    { $ai_provider: 'mistral-ai' },
  ],
  [
    'tokens',
    { 'gen_ai.usage.input_tokens': 12, 'gen_ai.usage.output_tokens': 34 },
    { $ai_input_tokens: 12, $ai_output_tokens: 34 },
  ],
  [
    'tokens before v1.27',
    { 'gen_ai.usage.prompt_tokens': 12, 'gen_ai.usage.completion_tokens': 34 },
    { $ai_input_tokens: 12, $ai_output_tokens: 34 },
  ],
  ['tokens as text', { 'gen_ai.usage.input_tokens': '12' }, { $ai_input_tokens: 12 }],
  ['no tokens, no zero', {}, { $ai_input_tokens: undefined, $ai_output_tokens: undefined }],
  ['a zero that was measured', { 'gen_ai.usage.output_tokens': 0 }, { $ai_output_tokens: 0 }],
  ['negative tokens are none', { 'gen_ai.usage.input_tokens': -3 }, { $ai_input_tokens: undefined }],
  ['NaN tokens are none', { 'gen_ai.usage.input_tokens': Number.NaN }, { $ai_input_tokens: undefined }],
  [
    'cache, inclusive by the conventions',
    {
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.cache_read.input_tokens': 80,
      'gen_ai.usage.cache_creation.input_tokens': 5,
    },
    {
      $ai_cache_read_input_tokens: 80,
      $ai_cache_creation_input_tokens: 5,
      $ai_cache_reporting_exclusive: false,
    },
  ],
  [
    'cache, exclusive by arithmetic',
    { 'gen_ai.usage.input_tokens': 28, 'gen_ai.usage.cache_write.input_tokens': 2048 },
    { $ai_cache_creation_input_tokens: 2048, $ai_cache_reporting_exclusive: true },
  ],
  ['no cache, no flag', { 'gen_ai.usage.input_tokens': 28 }, { $ai_cache_reporting_exclusive: undefined }],
  [
    'reasoning tokens',
    { 'gen_ai.usage.output_tokens': 50, 'gen_ai.usage.reasoning.output_tokens': 40 },
    { $ai_reasoning_tokens: 40, $ai_output_tokens: 50, $ai_text_output_tokens: undefined },
  ],
  [
    'reasoning of Gemini inside the output',
    {
      'gen_ai.request.model': 'gemini-2.5-flash',
      'gen_ai.usage.output_tokens': 50,
      'gen_ai.usage.reasoning.output_tokens': 40,
    },
    { $ai_reasoning_tokens: 40, $ai_text_output_tokens: 10 },
  ],
  [
    'modalities',
    { 'gen_ai.usage.audio.input_tokens': 3, 'gen_ai.usage.image.output_tokens': 4 },
    { $ai_audio_input_tokens: 3, $ai_image_output_tokens: 4 },
  ],
  [
    'total cost',
    { 'gen_ai.usage.cost': 0.25 },
    { $ai_total_cost_usd: 0.25, $ai_cost_passthrough: true, $ai_input_cost_usd: undefined },
  ],
  [
    'cost by side',
    { 'gen_ai.usage.input_cost': 0.2, 'gen_ai.usage.output_cost': 0.1 },
    { $ai_input_cost_usd: 0.2, $ai_output_cost_usd: 0.1, $ai_cost_passthrough: undefined },
  ],
  [
    'cost with a free side is passed through',
    { 'gen_ai.usage.input_cost': 0.2, 'gen_ai.usage.output_cost': 0 },
    { $ai_total_cost_usd: 0.2, $ai_cost_passthrough: true },
  ],
  [
    'time to first chunk',
    { 'gen_ai.response.time_to_first_chunk': 0.42 },
    { $ai_time_to_first_token: 0.42, $ai_stream: true },
  ],
  ['streaming', { 'gen_ai.request.stream': true }, { $ai_stream: true }],
  ['streaming unknown', {}, { $ai_stream: undefined }],
  ['finish reason', { 'gen_ai.response.finish_reasons': ['stop'] }, { $ai_stop_reason: 'stop' }],
  ['finish reason folded', { 'gen_ai.response.finish_reasons': ['end_turn'] }, { $ai_stop_reason: 'stop' }],
  [
    'finish reason as JSON',
    { 'gen_ai.response.finish_reasons': '["tool_call"]' },
    { $ai_stop_reason: 'tool_calls' },
  ],
  ['host', { 'server.address': 'api.openai.com', 'server.port': 443 }, { $ai_base_url: 'api.openai.com' }],
  [
    'host and port',
    { 'server.address': 'localhost', 'server.port': 8080 },
    { $ai_base_url: 'localhost:8080' },
  ],
  [
    'host with its port, and port',
    { 'server.address': 'localhost:8080', 'server.port': 8080 },
    { $ai_base_url: 'localhost:8080' },
  ],
  ['response id', { 'gen_ai.response.id': 'chatcmpl-1' }, { $ai_completion_id: 'chatcmpl-1' }],
  [
    'parameters',
    {
      'gen_ai.request.temperature': 0.2,
      'gen_ai.request.max_tokens': 99,
      'gen_ai.request.stop_sequences': ['\n'],
      'gen_ai.openai.request.seed': 7,
    },
    { $ai_model_parameters: { temperature: 0.2, max_tokens: 99, stop: ['\n'], seed: 7 } },
  ],
  ['conversation', { 'gen_ai.conversation.id': 'conv-1' }, { $ai_session_id: 'conv-1' }],
  ['agent', { 'gen_ai.agent.name': 'Planner' }, { $ai_agent_name: 'Planner' }],
  [
    'prompt template',
    { 'gen_ai.prompt.name': 'greeting', 'gen_ai.prompt.version': '3' },
    { $ai_prompt_name: 'greeting', $ai_prompt_version: '3' },
  ],
  ['HTTP status', { 'http.response.status_code': 200 }, { $ai_http_status: 200, $ai_is_error: undefined }],
  [
    'error type',
    { 'error.type': 'RateLimitError' },
    { $ai_is_error: true, $ai_error_type: 'RateLimitError' },
  ],
  ['numeric error type is a status', { 'error.type': '429' }, { $ai_is_error: true, $ai_http_status: 429 }],
  ['no invented status', { 'error.type': 'timeout' }, { $ai_http_status: undefined }],
  [
    'wrong types are passed over',
    { 'gen_ai.response.model': { a: 1 }, 'gen_ai.usage.input_tokens': [] },
    { $ai_model: 'gpt-4o', $ai_input_tokens: undefined },
  ],
  [
    'foreign attributes stay behind',
    { 'app.secret': 'x', 'http.request.header.authorization': 'y' },
    { 'app.secret': undefined, 'http.request.header.authorization': undefined },
  ],
];

describe('GenAI attributes', () => {
  it.each(rows)('%s', (_rule, attributes, properties) => {
    const actual = chatProperties(attributes);
    for (const [name, value] of Object.entries(properties))
      expect({ [name]: actual[name] }).toEqual({ [name]: value });
  });
});

describe('which event', () => {
  const op = (name: string) => ({ 'gen_ai.operation.name': name, 'gen_ai.request.model': 'm' });
  const parent = { parentSpanId: '00f067aa0ba902b7' };
  it.each([
    ['chat', op('chat'), parent, '$ai_generation', undefined],
    ['chat as root', op('chat'), {}, '$ai_generation', undefined],
    ['text completion', op('text_completion'), parent, '$ai_generation', undefined],
    ['generate_content', op('generate_content'), parent, '$ai_generation', undefined],
    ['responses', op('responses'), parent, '$ai_generation', undefined],
    ['embeddings', op('embeddings'), parent, '$ai_embedding', undefined],
    ['tool', op('execute_tool'), parent, '$ai_span', 'tool'],
    ['agent', op('invoke_agent'), parent, '$ai_span', 'agent'],
    ['agent as root', op('invoke_agent'), {}, '$ai_trace', 'agent'],
    [
      'agent below another process',
      op('invoke_agent'),
      { ...parent, parentIsRemote: true },
      '$ai_span',
      'agent',
    ],
    ['workflow', op('invoke_workflow'), parent, '$ai_span', 'workflow'],
    ['retrieval', op('retrieval'), parent, '$ai_span', 'retriever'],
    ['rerank', op('rerank'), parent, '$ai_span', 'reranker'],
    ['a poll of an earlier response', op('fetch_response'), parent, '$ai_span', 'span'],
    ['an operation nobody knows', op('dance'), parent, '$ai_span', 'span'],
    [
      'before operations had names',
      { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4', 'gen_ai.usage.prompt_tokens': 1 },
      parent,
      '$ai_generation',
      undefined,
    ],
    [
      'a failed call before operations had names',
      { 'gen_ai.request.model': 'gpt-4', 'error.type': 'Timeout' },
      parent,
      '$ai_generation',
      undefined,
    ],
    ['a model and nothing else', { 'gen_ai.request.model': 'gpt-4' }, parent, '$ai_span', 'span'],
  ])('%s', (_case, attributes, parts, event, type) => {
    const actual = eventOf({ ...parts, attributes });
    expect([actual.event, actual.properties.$ai_span_type]).toEqual([event, type]);
  });
});
