import { describe, expect, it } from 'vitest';
import { toEvent } from '../../../src/translate/event/to-event.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type SpanParts, span } from '../../support/spans.ts';

type Attributes = Readonly<Record<string, unknown>>;

const CHAT: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-5-mini',
  'gen_ai.usage.input_tokens': 40,
  'gen_ai.usage.output_tokens': 900,
};

/** The properties that PostHog prices by. */
function billed(attributes: Attributes, parts: SpanParts = {}): Record<string, unknown> {
  const result = readCall(span({ ...parts, attributes: { ...CHAT, ...attributes } }));
  if (result.type !== 'call') throw new Error('the span must be a call');
  return toEvent(result.call, { metadataPrefix: 'metadata_', maxMetadataDepth: 3 }).properties;
}

const REASONING = { 'gen_ai.usage.reasoning.output_tokens': 850 };
const anthropic = (...parts: readonly object[]) => ({
  'gen_ai.request.model': 'claude-opus-4-1',
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts }]),
});
const search = (id: string) => ({
  type: 'server_tool_call',
  id,
  name: 'web_search',
  arguments: { query: 'q' },
});
const found = (id: string, response: unknown) => ({ type: 'server_tool_call_response', id, response });
const RESULTS = [{ type: 'web_search_result', url: 'https://example.com' }];
const FAILURE = { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' };

/** Wanted properties; `undefined` means absent. */
const ROWS: readonly (readonly [rule: string, attributes: Attributes, wanted: Attributes])[] = [
  [
    'no text output of its own beside reasoning',
    REASONING,
    { $ai_output_tokens: 900, $ai_text_output_tokens: undefined },
  ],
  [
    'nor where the span states one',
    { ...REASONING, 'gen_ai.usage.text.output_tokens': 50 },
    { $ai_text_output_tokens: undefined },
  ],
  [
    'Gemini, whose reasoning PostHog adds: output less reasoning',
    { ...REASONING, 'gen_ai.request.model': 'gemini-2.5-flash' },
    { $ai_output_tokens: 900, $ai_reasoning_tokens: 850, $ai_text_output_tokens: 50 },
  ],
  [
    'and less images, which are billed apart',
    { ...REASONING, 'gen_ai.request.model': 'google/gemini-3-pro', 'gen_ai.usage.image.output_tokens': 30 },
    { $ai_text_output_tokens: 20, $ai_image_output_tokens: 30 },
  ],
  [
    'a Gemini name that PostHog does not know as such: reasoning within the output',
    {
      'gen_ai.request.model': 'google.gemini-2.5-flash',
      'gen_ai.usage.output_tokens': 30,
      'gen_ai.usage.reasoning.output_tokens': 12,
      'gen_ai.usage.total_tokens': 82,
    },
    { $ai_output_tokens: 42, $ai_text_output_tokens: undefined },
  ],
  ['the tier that served', { 'openai.response.service_tier': 'priority' }, { $ai_service_tier: 'priority' }],
  [
    'not the tier that was asked for',
    { 'openai.request.service_tier': 'flex' },
    { $ai_service_tier: undefined, $ai_model_parameters: { requested_service_tier: 'flex' } },
  ],
  [
    'searches that were answered',
    anthropic(
      search('srvtoolu_a'),
      found('srvtoolu_a', RESULTS),
      search('srvtoolu_b'),
      found('srvtoolu_b', RESULTS),
    ),
    { $ai_web_search_count: 2 },
  ],
  [
    'no searches that failed or were not answered',
    anthropic(search('srvtoolu_a'), found('srvtoolu_a', FAILURE), search('srvtoolu_b')),
    { $ai_web_search_count: undefined },
  ],
  [
    'searches whose results the emitter leaves out, all of them',
    anthropic(search('srvtoolu_a'), search('srvtoolu_b'), { type: 'text', content: 'Paris.' }),
    { $ai_web_search_count: 2 },
  ],
  [
    'none that the answer does not go on after',
    anthropic(search('srvtoolu_a')),
    { $ai_web_search_count: undefined },
  ],
  [
    'no tool of the application that has the name',
    anthropic({ type: 'tool_call', id: 'toolu_1', name: 'web_search', arguments: {} }),
    { $ai_web_search_count: undefined },
  ],
  [
    'one cache lifetime: the total and the other as 0',
    { ...anthropic(), 'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 25 },
    {
      $ai_cache_creation_input_tokens: 25,
      $ai_cache_creation_5m_input_tokens: 0,
      $ai_cache_creation_1h_input_tokens: 25,
      $ai_cache_reporting_exclusive: false,
    },
  ],
  [
    'one cache lifetime beside a larger total: the rest is of the other',
    {
      ...anthropic(),
      'gen_ai.usage.cache_creation.input_tokens': 30,
      'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 25,
    },
    {
      $ai_cache_creation_input_tokens: 30,
      $ai_cache_creation_5m_input_tokens: 5,
      $ai_cache_creation_1h_input_tokens: 25,
    },
  ],
  [
    'a split that is more than the total: the total alone',
    {
      ...anthropic(),
      'gen_ai.usage.cache_creation.input_tokens': 20,
      'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 25,
    },
    { $ai_cache_creation_input_tokens: 20, $ai_cache_creation_1h_input_tokens: undefined },
  ],
  [
    'a price of zero is no price',
    { 'gen_ai.usage.cost': 0 },
    { $ai_total_cost_usd: undefined, $ai_cost_passthrough: undefined },
  ],
  [
    'a price is passed on',
    { 'gen_ai.usage.cost': 0.02 },
    { $ai_total_cost_usd: 0.02, $ai_cost_passthrough: true },
  ],
  [
    'a free model of OpenRouter costs nothing',
    { 'gen_ai.usage.cost': 0, 'trace.metadata.openrouter.source': 'broadcast' },
    { $ai_total_cost_usd: 0, $ai_cost_passthrough: true },
  ],
  [
    'zeros beside an answer are no counts',
    { 'gen_ai.usage.input_tokens': 0, 'gen_ai.usage.output_tokens': 0, 'gen_ai.usage.total_tokens': 0 },
    { $ai_input_tokens: undefined, $ai_output_tokens: undefined, $ai_total_tokens: undefined },
  ],
  [
    'no request is made of nothing',
    { 'gen_ai.usage.input_tokens': 0 },
    { $ai_input_tokens: undefined, $ai_output_tokens: 900 },
  ],
  [
    'all of a request may come from a cache that is counted apart',
    { ...anthropic(), 'gen_ai.usage.input_tokens': 0, 'gen_ai.usage.cache_read.input_tokens': 700 },
    { $ai_input_tokens: 0, $ai_cache_read_input_tokens: 700, $ai_cache_reporting_exclusive: true },
  ],
  [
    'searches that the usage counts',
    {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'claude-opus-4-1',
      'output.value': JSON.stringify({
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        content: [{ type: 'text', text: 'Paris.' }],
        usage: { input_tokens: 9, output_tokens: 2, server_tool_use: { web_search_requests: 3 } },
      }),
    },
    { $ai_web_search_count: 3 },
  ],
  [
    'searches of the Responses API',
    {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'gpt-5-mini',
      'output.value': JSON.stringify({
        id: 'resp_1',
        object: 'response',
        output: [
          {
            type: 'web_search_call',
            id: 'ws_1',
            status: 'completed',
            action: { type: 'search', query: 'q' },
          },
          { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Paris.' }] },
        ],
      }),
    },
    { $ai_web_search_count: 1 },
  ],
  [
    'the version of the framework',
    {
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.request.headers.user-agent': 'my-app/1 ai/5.0.277 ai-sdk/openai/2.0.1',
    },
    { $ai_framework: 'vercel', $ai_framework_version: '5.0.277' },
  ],
  [
    'costs in parts, which PostHog adds up',
    {
      'gen_ai.usage.cost': undefined,
      'litellm.cost.input': 0.01,
      'litellm.cost.output': 0.02,
      'litellm.call_type': 'completion',
    },
    { $ai_input_cost_usd: 0.01, $ai_output_cost_usd: 0.02 },
  ],
  ['reasoning effort', { 'gen_ai.request.reasoning.level': 'HIGH' }, { $ai_effort: 'high' }],
];

describe('what PostHog bills by', () => {
  it.each(ROWS)('%s', (_rule, attributes, wanted) => {
    const properties = billed(attributes);
    const compared = Object.fromEntries(Object.keys(wanted).map((name) => [name, properties[name]]));
    expect(compared).toEqual(wanted);
  });

  it('leaves the zeros of a call that failed', () => {
    const zeros = { 'gen_ai.usage.input_tokens': 0, 'gen_ai.usage.output_tokens': 0, 'error.type': '429' };
    expect(billed(zeros)).toMatchObject({ $ai_input_tokens: 0, $ai_output_tokens: 0 });
  });

  it.each([
    ['azure.ai.openai', 'azure'],
    ['azure.ai.inference', 'azure'],
    ['gcp.gemini', 'gemini'],
    ['googlegeminiai', 'gemini'],
    ['gcp.vertex_ai', 'vertex-ai'],
    ['aws.bedrock', 'aws-bedrock'],
    ['moonshot_ai', 'moonshotai'],
    ['text-completion-openai', 'openai'],
    ['"openai"', 'openai'],
    ['https://api.mistral.ai/v1', 'mistral-ai'],
    ['groq', 'groq'],
    ['spring_ai', 'openai'],
    ['127.0.0.1:8080', 'openai'],
    ...['xai', 'xai.chat', 'https://api.x.ai/v1'].map((word) => [word, 'x-ai']),
    ...['mistral', 'mistralai', 'mistral.chat'].map((word) => [word, 'mistral-ai']),
    ...['cohere', 'cohere_chat', 'cohere.chat'].map((word) => [word, 'cohere']),
    ...['perplexity', 'perplexityai', 'perplexity-ai'].map((word) => [word, 'perplexity']),
    ...['fireworks', 'fireworks_ai', 'fireworks-ai', 'https://api.fireworks.ai/inference'].map((word) => [
      word,
      'fireworks',
    ]),
    ...['together', 'together_ai', 'togetherai.chat', 'https://api.together.xyz/v1'].map((word) => [
      word,
      'together',
    ]),
    ...['deepseek', 'deepseek.chat'].map((word) => [word, 'deepseek']),
    ...['cerebras', 'cerebras.chat', 'https://api.cerebras.ai/v1'].map((word) => [word, 'cerebras']),
    ...['bedrock', 'bedrock_converse', 'amazon_bedrock', 'amazon-bedrock', 'anthropic_bedrock'].map(
      (word) => [word, 'aws-bedrock'],
    ),
    ...[
      'vertex_ai',
      'vertex_ai_beta',
      'vertex_ai-anthropic_models',
      'google.vertex.chat',
      'google-vertex',
    ].map((word) => [word, 'vertex-ai']),
    ...['google', 'google_genai', 'google-gla', 'google.generative-ai', 'google_ai_studio'].map((word) => [
      word,
      'gemini',
    ]),
    ...['azure', 'AzureOpenAI', 'azure-openai.responses', 'https://x.openai.azure.com'].map((word) => [
      word,
      'azure',
    ]),
  ])('names the provider %s as %s', (provider, wanted) => {
    expect(billed({ 'gen_ai.provider.name': provider })).toMatchObject({ $ai_provider: wanted });
  });

  it.each([
    ['openai', 'openai/gpt-5-mini', 'openai/gpt-5-mini'],
    ['gcp.gemini', 'models/gemini-2.5-flash', 'gemini-2.5-flash'],
    ['groq', 'openai/gpt-oss-120b', 'openai/gpt-oss-120b'],
    ['openrouter', 'openai/gpt-5-mini', 'openai/gpt-5-mini'],
    ['together', 'meta-llama/Llama-3.3-70B', 'meta-llama/Llama-3.3-70B'],
    ['aws.bedrock', 'us.anthropic.claude-sonnet-4-5-v1:0', 'us.anthropic.claude-sonnet-4-5-v1:0'],
    [
      'fireworks_ai',
      'fireworks_ai/accounts/fireworks/models/qwen3',
      'fireworks_ai/accounts/fireworks/models/qwen3',
    ],
  ])('of %s, calls the model %s %s', (provider, model, wanted) => {
    const attributes = { 'gen_ai.provider.name': provider, 'gen_ai.request.model': model };
    expect(billed(attributes)).toMatchObject({ $ai_model: wanted });
  });

  it.each([
    ['global.anthropic.claude-sonnet-4-5-v1:0', 'aws-bedrock'],
    ['apac.amazon.nova-lite-v1:0', 'aws-bedrock'],
    ['arn:aws:bedrock:eu-west-1:1:inference-profile/eu.meta.llama3-2-1b-instruct-v1:0', 'aws-bedrock'],
    ['grok-4', 'x-ai'],
    ['sonar-pro', 'perplexity'],
    ['deepseek-chat', 'deepseek'],
    ['codestral-latest', 'mistral-ai'],
  ])('knows by the name alone who serves %s', (model, wanted) => {
    expect(billed({ 'gen_ai.request.model': model })).toMatchObject({
      $ai_provider: wanted,
      $ai_model: model,
    });
  });

  it('takes the provider from the names that LiteLLM writes', () => {
    const attributes = { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'openai/gpt-5-mini' };
    const parts = { scope: 'openinference.instrumentation.litellm' };
    expect(billed(attributes, parts)).toMatchObject({ $ai_model: 'gpt-5-mini' });
  });
});
