import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, START_MS, span } from '../../support/spans.ts';

const JS = '@arizeai/openinference-instrumentation-';

function oi(kind: string, attributes: Record<string, unknown> = {}, parts: SpanParts = {}): SpanParts {
  return {
    name: 'some span',
    kind: 'internal',
    scope: { name: `${JS}openai`, version: '4.2.7' },
    ...parts,
    attributes: { 'openinference.span.kind': kind, ...attributes },
  };
}

const llm = (attributes: Record<string, unknown>, parts?: SpanParts) => oi('LLM', attributes, parts);

const kinds: readonly DialectRow[] = [
  ['LLM', 'generation'],
  ['EMBEDDING', 'embedding'],
  ['CHAIN', 'chain'],
  ['RETRIEVER', 'retriever'],
  ['RERANKER', 'reranker'],
  ['TOOL', 'tool'],
  ['AGENT', 'agent'],
  ['GUARDRAIL', 'guardrail'],
  ['EVALUATOR', 'evaluator'],
  ['PROMPT', 'prompt'],
].map(([word = '', kind]) => ({
  rule: `${word} is ${kind}`,
  span: oi(word, { 'llm.model_name': 'gpt-4o', 'llm.token_count.prompt': 5 }),
  call: { kind, dialect: 'openinference' },
  absent: kind === 'generation' || kind === 'embedding' ? [] : ['usage', 'cost'],
}));

describe('kinds', () => itReads(kinds));

describe('model, provider, parameters', () => {
  itReads([
    {
      rule: 'the answering model before the requested one',
      span: llm({ 'llm.response.model_name': 'b', 'llm.request.model_name': 'a', 'llm.model_name': 'c' }),
      call: { model: 'b', requestedModel: 'a' },
    },
    {
      rule: 'an embedding model',
      span: oi('EMBEDDING', { 'embedding.model_name': 'e' }),
      call: { model: 'e' },
    },
    {
      rule: 'the model of the raw answer is more exact than the request',
      span: llm({ 'llm.model_name': 'gpt-4o', 'output.value': '{"id":"c1","model":"gpt-4o-2024"}' }),
      call: { model: 'gpt-4o-2024', requestedModel: 'gpt-4o', responseId: 'c1' },
    },
    {
      rule: 'the host before the family',
      span: llm({ 'llm.model_name': 'claude', 'llm.provider': 'aws', 'llm.system': 'anthropic' }),
      call: { provider: 'aws.bedrock' },
    },
    {
      rule: "LangChain's metadata names the provider",
      span: llm({ 'llm.model_name': 'x', metadata: '{"ls_provider":"google_vertexai"}' }),
      call: { provider: 'gcp.vertex_ai' },
    },
    {
      rule: 'the vendor on a tool says nothing',
      span: oi('TOOL', { 'llm.system': 'openai', 'tool.name': 'f' }),
      call: { toolName: 'f' },
      absent: ['provider'],
    },
    {
      rule: 'parameters without content, tools and fields of the answer',
      span: llm({
        'llm.invocation_parameters':
          '{"model":"m","temperature":0.5,"tools":[1],"system":"secret","instructions":"secret","id":"r1","stream":true}',
      }),
      call: { parameters: { temperature: 0.5, stream: true }, streaming: true, requestedModel: 'm' },
      absent: ['parameters.tools', 'parameters.system', 'parameters.instructions', 'parameters.id'],
    },
    {
      rule: 'finish reason',
      span: llm({ 'llm.finish_reason': 'end_turn' }),
      call: { finishReason: 'stop' },
    },
    {
      rule: "Bedrock's older name for it",
      span: llm({ 'llm.stop_reason': 'tool_use' }),
      call: { finishReason: 'tool_calls' },
    },
    {
      rule: 'the raw answer knows it where no attribute does',
      span: llm({
        'output.value':
          '{"object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}',
      }),
      call: { finishReason: 'length' },
    },
  ]);
});

describe('messages', () => {
  itReads([
    {
      rule: 'flattened, ordered by number',
      span: llm({
        'llm.input_messages.1.message.role': 'user',
        'llm.input_messages.1.message.content': 'hi',
        'llm.input_messages.0.message.role': 'system',
        'llm.input_messages.0.message.content': 'be brief',
        'llm.output_messages.0.message.content': 'hello',
      }),
      call: {
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'be brief' }] },
          { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'hello' }] }],
      },
    },
    {
      rule: 'flattened messages before another conversation in the raw body',
      span: llm({
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.content': 'hi',
        'input.value': '{"messages":[{"role":"user","content":"other"},{"role":"user","content":"more"}]}',
      }),
      call: { input: [{ parts: [{ text: 'hi' }] }] },
    },
    {
      rule: 'the raw body gives back ids of tool calls that were lost',
      span: llm({
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'f',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"a":1}',
        'output.value': JSON.stringify({
          generations: [
            [
              {
                text: '',
                message: {
                  lc: 1,
                  type: 'constructor',
                  id: ['langchain_core', 'messages', 'AIMessage'],
                  kwargs: {
                    id: 'chatcmpl-1',
                    content: '',
                    tool_calls: [{ id: 'call_1', name: 'f', args: { a: 1 } }],
                    response_metadata: { model_name: 'gpt-4o-2024', finish_reason: 'tool_calls' },
                    usage_metadata: { input_tokens: 9, input_token_details: { cache_creation: 4 } },
                  },
                },
              },
            ],
          ],
        }),
      }),
      call: {
        output: [{ parts: [{ type: 'tool_call', id: 'call_1', name: 'f' }] }],
        responseId: 'chatcmpl-1',
        model: 'gpt-4o-2024',
        finishReason: 'tool_calls',
        usage: { inputTokens: 9, cacheWriteTokens: 4, cacheReporting: 'inclusive' },
      },
    },
    {
      rule: 'the raw body gives back the system prompt that was lost',
      span: llm({
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.content': 'hi',
        'input.value': '{"model":"claude","system":"be brief","messages":[{"role":"user","content":"hi"}]}',
      }),
      call: { input: [{ role: 'system' }, { role: 'user' }] },
    },
    {
      rule: 'what was masked is not taken from the raw body',
      span: llm({
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.content': '__REDACTED__',
        'input.value': '{"messages":[{"role":"user","content":"secret"}]}',
      }),
      call: { kind: 'generation' },
      absent: ['input.0.parts.0'],
    },
    {
      rule: 'an image that was masked is not taken from the raw body either',
      span: llm({
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.contents.0.message_content.type': 'image',
        'input.value':
          '{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}',
      }),
      call: { input: [{ parts: [{ type: 'other' }] }] },
    },
    {
      rule: 'an image that was not recorded is',
      span: llm({
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.contents.0.message_content.type': 'image',
        'llm.input_messages.0.message.contents.0.message_content.image.media_type': 'image/png',
        'input.value':
          '{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}',
      }),
      call: { input: [{ parts: [{ type: 'media', source: { kind: 'base64', data: 'AAAA' } }] }] },
    },
    {
      rule: 'prompts and choices of completion models',
      span: llm({ 'llm.prompts.0.prompt.text': 'once', 'llm.choices.0.completion.text': 'upon' }),
      call: { input: [{ parts: [{ text: 'once' }] }], output: [{ parts: [{ text: 'upon' }] }] },
    },
    {
      rule: 'plain text in input.value and output.value',
      span: llm({ 'input.value': 'once', 'output.value': 'upon' }),
      call: { input: [{ role: 'user', parts: [{ text: 'once' }] }], output: [{ parts: [{ text: 'upon' }] }] },
    },
    {
      rule: 'nothing of masked values',
      span: llm({ 'input.value': '__REDACTED__' }),
      absent: ['input', 'output'],
    },
    {
      rule: 'tools',
      span: llm({ 'llm.tools.0.tool.json_schema': '{"type":"function","function":{"name":"f"}}' }),
      call: { tools: [{ name: 'f' }] },
    },
    {
      rule: 'tools of the parameters',
      span: llm({ 'llm.invocation_parameters': '{"tools":[{"name":"f","input_schema":{}}]}' }),
      call: { tools: [{ name: 'f' }] },
    },
    {
      rule: 'tools of the parameters stay out when the request was masked',
      span: llm({
        'input.value': '__REDACTED__',
        'llm.invocation_parameters': '{"tools":[{"name":"f","input_schema":{}}]}',
      }),
      absent: ['tools'],
    },
  ]);
});

describe('tokens, cost, time', () => {
  itReads([
    {
      rule: 'all counts',
      span: llm({
        'llm.token_count.prompt': 31,
        'llm.token_count.completion': 8,
        'llm.token_count.total': 39,
        'llm.token_count.prompt_details.cache_read': 20,
        'llm.token_count.prompt_details.audio': 1,
        'llm.token_count.completion_details.reasoning': 5,
        'llm.token_count.completion_details.audio': 2,
      }),
      call: {
        usage: {
          inputTokens: 31,
          outputTokens: 8,
          totalTokens: 39,
          cacheReadTokens: 20,
          audioInputTokens: 1,
          reasoningTokens: 5,
          audioOutputTokens: 2,
          cacheReporting: 'inclusive',
        },
      },
    },
    {
      rule: 'cost in dollars',
      span: llm({ 'llm.cost.prompt': 0.1, 'llm.cost.completion': 0.2, 'llm.cost.total': 0.3 }),
      call: { cost: { inputUsd: 0.1, outputUsd: 0.2, totalUsd: 0.3 } },
    },
    {
      rule: "OpenRouter's cost survives in the raw answer alone",
      span: llm({
        'llm.token_count.prompt': 16,
        'output.value': '{"id":"gen-1","usage":{"cost":0.0000072}}',
      }),
      call: { cost: { totalUsd: 0.0000072 } },
    },
    {
      rule: 'an answer of a tool that looks like a model has no usage',
      span: oi('TOOL', { 'output.value': '{"id":"x","model":"m","usage":{"prompt_tokens":5,"cost":1}}' }),
      absent: ['usage', 'cost', 'model', 'responseId'],
    },
    {
      rule: 'Bedrock in JavaScript leaves the cache out of the input, and cache counts only in the raw answer',
      span: llm(
        {
          'llm.token_count.prompt': 35,
          'llm.token_count.completion': 8,
          'llm.token_count.total': 2091,
          'output.value': '{"usage":{"inputTokens":35,"cacheReadInputTokens":2048}}',
        },
        { scope: `${JS}bedrock` },
      ),
      call: { usage: { inputTokens: 35, cacheReadTokens: 2048, cacheReporting: 'exclusive' } },
    },
    {
      rule: 'Anthropic in JavaScript counts it in where it writes cache attributes',
      span: llm(
        { 'llm.token_count.prompt': 100, 'llm.token_count.prompt_details.cache_read': 20 },
        { scope: `${JS}anthropic` },
      ),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'and leaves it out where it does not',
      span: llm(
        {
          'llm.token_count.prompt': 100,
          'output.value': '{"usage":{"input_tokens":100,"cache_read_input_tokens":20}}',
        },
        { scope: `${JS}anthropic` },
      ),
      call: { usage: { cacheReadTokens: 20, cacheReporting: 'exclusive' } },
    },
    {
      rule: 'Gemini in Python leaves reasoning out of the output',
      span: llm(
        { 'llm.token_count.completion': 9, 'llm.token_count.completion_details.reasoning': 5 },
        { scope: 'openinference.instrumentation.google_genai' },
      ),
      call: { usage: { reasoningReporting: 'exclusive' } },
    },
    {
      rule: 'time to first token from the event',
      span: llm(
        {},
        { events: [{ name: 'First Token Stream Event', timeMs: START_MS + 250, attributes: {} }] },
      ),
      call: { timeToFirstTokenSeconds: 0.25 },
    },
    {
      rule: 'time to first token in milliseconds',
      span: llm({ time_to_first_token_ms: 120 }),
      call: { timeToFirstTokenSeconds: 0.12 },
    },
  ]);
});

describe('Claude Agent SDK', () => {
  const scope = { name: `${JS}claude-agent-sdk`, version: '0.3.1' };
  itReads([
    {
      rule: 'its agent span is the model call, with the cache outside the input',
      span: oi(
        'AGENT',
        {
          'input.value': 'hi',
          'output.value': 'hello',
          'llm.model_name': 'claude-sonnet-4',
          'llm.token_count.prompt': 500,
          'llm.token_count.completion': 20,
          'llm.token_count.total': 520,
          'llm.token_count.prompt_details.cache_read': 100,
          'llm.cost.total': 0.5,
        },
        { scope },
      ),
      call: {
        kind: 'generation',
        input: [{ role: 'user', parts: [{ text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ text: 'hello' }] }],
        usage: { inputTokens: 500, cacheReporting: 'exclusive' },
        cost: { totalUsd: 0.5 },
      },
    },
    {
      rule: 'in Python the prompt has the cache within it, and the answer is an index below the content',
      span: oi(
        'AGENT',
        {
          'input.value': 'hi',
          'llm.model_name': 'claude-sonnet-4',
          'llm.output_messages.0.message.role': 'assistant',
          'llm.output_messages.0.message.content.0': 'hello',
          'llm.token_count.prompt': 2434,
          'llm.token_count.completion': 1,
          'llm.token_count.prompt_details.cache_write': 2048,
        },
        { scope: { name: 'openinference.instrumentation.claude_agent_sdk', version: '0.1.22' } },
      ),
      call: {
        kind: 'generation',
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'hello' }] }],
        usage: { inputTokens: 2434, cacheWriteTokens: 2048, cacheReporting: 'inclusive' },
      },
    },
    {
      rule: 'without usage it is an agent',
      span: oi('AGENT', { 'input.value': 'hi' }, { scope }),
      call: { kind: 'agent' },
    },
    {
      rule: "other emitters' agents stay agents",
      span: oi('AGENT', { 'llm.token_count.prompt': 500 }),
      call: { kind: 'agent' },
      absent: ['usage'],
    },
  ]);
});

describe('embeddings, retrieval, tools', () => {
  itReads([
    {
      rule: 'texts but never vectors',
      span: oi('EMBEDDING', {
        'embedding.embeddings.1.embedding.text': 'green',
        'embedding.embeddings.0.embedding.text': 'red',
        'embedding.embeddings.0.embedding.vector': [0.1, 0.2],
      }),
      call: { embeddingInput: ['red', 'green'] },
    },
    ...[
      { meta: { model: 'e', usage: { prompt_tokens: 5, total_tokens: 5 } } },
      { meta: { billed_units: { input_tokens: 5 } } },
      { usage: { prompt_tokens: 5 } },
      { usageMetadata: { promptTokenCount: 5 } },
    ].map((answer) => ({
      rule: `tokens of the raw answer: ${Object.keys(answer).join()}, ${JSON.stringify(answer)}`,
      span: oi('EMBEDDING', { 'embedding.model_name': 'e', 'output.value': JSON.stringify(answer) }),
      call: { kind: 'embedding', usage: { inputTokens: 5 } },
    })),
    {
      rule: 'one text in input.value',
      span: oi('EMBEDDING', { 'input.value': 'red' }),
      call: { embeddingInput: 'red' },
    },
    {
      rule: 'a list in input.value',
      span: oi('EMBEDDING', { 'input.value': '["red","green"]' }),
      call: { embeddingInput: ['red', 'green'] },
    },
    {
      rule: 'token ids are no text',
      span: oi('EMBEDDING', { 'input.value': '[1,2]' }),
      absent: ['embeddingInput'],
    },
    {
      rule: 'query and documents of a retriever',
      span: oi('RETRIEVER', {
        'input.value': 'capital',
        'output.value': '[]',
        'retrieval.documents.0.document.content': 'Paris',
        'retrieval.documents.0.document.score': 0.9,
        'retrieval.documents.0.document.metadata': '{"page":3}',
      }),
      call: { inputState: 'capital', outputState: [{ content: 'Paris', score: 0.9, metadata: { page: 3 } }] },
    },
    {
      rule: 'query and documents of a reranker',
      span: oi('RERANKER', {
        'reranker.query': 'capital',
        'reranker.model_name': 'rerank-1',
        'reranker.top_k': 1,
        'reranker.input_documents.0.document.content': 'Paris',
        'reranker.output_documents.0.document.id': 'd1',
      }),
      call: {
        model: 'rerank-1',
        inputState: { query: 'capital', documents: [{ content: 'Paris' }] },
        outputState: [{ id: 'd1' }],
        parameters: { top_k: 1 },
      },
    },
    {
      rule: 'state of a tool, structured',
      span: oi('TOOL', { 'tool.name': 'f', 'input.value': '{"a":1}', 'output.value': 'done' }),
      call: { toolName: 'f', inputState: { a: 1 }, outputState: 'done' },
    },
  ]);
});

describe('identity and metadata', () => {
  itReads([
    {
      rule: 'context attributes',
      span: llm({
        'user.id': 'u1',
        'session.id': 's1',
        'tag.tags': '["a","b"]',
        metadata: '{"plan":"pro","user_id":"u2","session_id":"s2"}',
        'llm.prompt_template.version': 'v1',
        'llm.prompt_template.template': 'Answer {q}',
        'llm.prompt_template.variables': '{"q":"secret"}',
        'prompt.id': 'p1',
      }),
      call: {
        trace: { user: 'u1', sessionId: 's1', tags: ['a', 'b'], metadata: { plan: 'pro', user_id: 'u2' } },
        promptName: 'p1',
        promptVersion: 'v1',
        promptTemplate: 'Answer {q}',
        promptVariables: { q: 'secret' },
      },
      absent: ['trace.metadata.q'],
    },
    {
      rule: "LangChain's metadata stands in for them",
      span: llm({ metadata: '{"user_id":"u2","thread_id":"t2"}' }),
      call: { trace: { user: 'u2', sessionId: 't2' } },
    },
    {
      rule: 'metadata key by key',
      span: llm({ 'metadata.plan': 'pro', 'metadata.ai.response.msToFinish': 3 }),
      call: { trace: { metadata: { plan: 'pro' } } },
      absent: ['trace.metadata.ai.response.msToFinish'],
    },
    { rule: 'no metadata in an empty object', span: llm({ metadata: '{}' }), absent: ['trace.metadata'] },
    {
      rule: 'a graph node that is an agent',
      span: oi('AGENT', { 'graph.node.id': 'Triage' }),
      call: { agentName: 'Triage' },
    },
    {
      rule: 'a graph node that is a step',
      span: oi('CHAIN', { 'graph.node.id': 'step' }),
      absent: ['agentName'],
    },
    {
      rule: 'the user that the provider was given',
      span: llm({ 'llm.invocation_parameters': '{"user":"u3"}' }),
      call: { trace: { user: 'u3' } },
    },
  ]);
});

describe('a span that is said to be a model', () => {
  const titan = {
    'llm.provider': 'aws',
    'llm.model_name': 'amazon.titan-embed-text-v2:0',
    'llm.invocation_parameters': '{"inputText":"The quick brown fox"}',
    'llm.token_count.prompt': 13,
    'llm.token_count.completion': 8,
  };
  const llama = { scope: 'openinference.instrumentation.llama_index' };
  itReads([
    {
      rule: 'answers with vectors, which are no tokens',
      span: llm(titan),
      call: { kind: 'embedding', embeddingInput: 'The quick brown fox', usage: { inputTokens: 13 } },
      absent: ['usage.outputTokens'],
    },
    {
      rule: 'was asked in its parameters',
      span: llm({ ...titan, 'llm.model_name': 'amazon.titan-text-express-v1' }),
      call: {
        kind: 'generation',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'The quick brown fox' }] }],
        usage: { inputTokens: 13, outputTokens: 8 },
      },
    },
    {
      rule: 'only prepares a call',
      span: {
        ...llm({ 'llm.model_name': 'gpt-4o-mini', 'input.value': '{"tools":["<FunctionTool object>"]}' }),
        ...llama,
        name: 'OpenAI._prepare_chat_with_tools',
      },
      call: { kind: 'step' },
    },
    {
      rule: 'calls, in a method of its own',
      span: {
        ...llm({ 'llm.model_name': 'gpt-4o-mini', 'llm.token_count.prompt': 3 }),
        ...llama,
        name: 'OpenAI._chat',
      },
      call: { kind: 'generation' },
    },
  ]);
});

describe('other spans', () => {
  it('are not read by OpenInference names that others use as well', () => {
    const result = readCall(
      span({ attributes: { 'input.value': 'hi', metadata: '{"a":1}', 'agent.name': 'x' } }),
    );
    expect(result).toMatchObject({ type: 'foreign' });
  });
});
