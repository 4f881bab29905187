import { describe, expect, it } from 'vitest';
import { eventsOf } from '../support/batch.ts';
import type { SpanParts } from '../support/spans.ts';

/**
 * Emitters that have no dialect of their own, as their sources write spans. They are understood by the conventions that
 * they build upon and by the words of their names.
 */
interface Emitter {
  readonly emitter: string;
  /** Where the shape is written, a public repository and path. */
  readonly source: string;
  readonly spans: readonly SpanParts[];
  /** Matched as parts of the events. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

const json = JSON.stringify;
const ASKED = [{ role: 'user', content: 'hi' }];
const SAID = [{ role: 'assistant', content: 'hello' }];
const ANSWER = {
  id: 'chatcmpl-1',
  model: 'gpt-4o',
  choices: [{ index: 0, message: SAID[0], finish_reason: 'stop' }],
};

const CALLED = { event: '$ai_generation', $ai_model: 'gpt-4o', $ai_input_tokens: 12, $ai_output_tokens: 3 };
const COMPLETE = {
  ...CALLED,
  $ai_input: ASKED,
  $ai_output_choices: [expect.objectContaining(SAID[0] ?? {})],
};

const EMITTERS: readonly Emitter[] = [
  {
    emitter: 'DeepEval and Confident AI',
    source: 'confident-ai/deepeval deepeval/tracing/otel/exporter.py',
    spans: [
      {
        name: 'root',
        spanId: 'root',
        attributes: {
          'confident.span.type': 'agent',
          'confident.agent.name': 'support',
          'confident.trace.user_id': 'u-9',
          'confident.trace.thread_id': 'th-1',
          'confident.trace.input': 'Where is it?',
          'confident.span.output': 'Tomorrow',
        },
      },
      {
        name: 'chat-completion',
        parentSpanId: 'root',
        attributes: {
          'confident.span.type': 'llm',
          'confident.llm.model': 'gpt-4o',
          'confident.llm.input_token_count': 12,
          'confident.llm.output_token_count': 3,
          'confident.llm.cost_per_input_token': 0.01,
          'confident.span.input': [json(ASKED[0])],
          'confident.span.output': 'hello',
        },
      },
      {
        name: 'lookup',
        parentSpanId: 'root',
        attributes: {
          'confident.span.type': 'tool',
          'confident.tool.name': 'lookup',
          'confident.span.input': '{"id":7}',
          'confident.span.output': '{"ok":true}',
        },
      },
    ],
    events: [
      { event: '$ai_trace', person: 'u-9', $ai_session_id: 'th-1', $ai_agent_name: 'support' },
      { ...COMPLETE, person: 'u-9', $ai_session_id: 'th-1' },
      {
        event: '$ai_span',
        $ai_span_type: 'tool',
        $ai_input_state: { id: 7 },
        $ai_output_state: { ok: true },
      },
    ],
  },
  {
    emitter: 'Judgment',
    source: 'JudgmentLabs/judgeval-js src/trace/BaseTracer.ts',
    spans: [
      {
        scope: 'judgeval',
        attributes: {
          'judgment.span_kind': 'llm',
          'judgment.input': json(ASKED),
          'judgment.output': json(SAID[0]),
          'judgment.llm.model': 'gpt-4o',
          'judgment.llm.provider': 'openai',
          'judgment.usage.non_cached_input_tokens': 10,
          'judgment.usage.cache_read_input_tokens': 1000,
          'judgment.usage.output_tokens': 3,
          'judgment.usage.total_cost_usd': 0.01,
          'judgment.session_id': 's-1',
        },
      },
    ],
    events: [
      {
        ...COMPLETE,
        $ai_input_tokens: 10,
        $ai_cache_read_input_tokens: 1000,
        $ai_cache_reporting_exclusive: true,
        $ai_total_cost_usd: 0.01,
        $ai_session_id: 's-1',
      },
    ],
  },
  {
    emitter: 'HoneyHive',
    source: 'honeyhiveai/python-sdk src/honeyhive/tracer (inputs, outputs, config and metadata, flattened)',
    spans: [
      {
        scope: 'honeyhive',
        attributes: {
          honeyhive_event_type: 'model',
          'honeyhive.session_id': 's-1',
          'honeyhive_inputs.messages.0.role': 'user',
          'honeyhive_inputs.messages.0.content': 'hi',
          'honeyhive_outputs.choices.0.message.role': 'assistant',
          'honeyhive_outputs.choices.0.message.content': 'hello',
          'honeyhive_config.model': 'gpt-4o',
          'honeyhive_config.temperature': 0.5,
          'honeyhive_metadata.prompt_tokens': 12,
          'honeyhive_metadata.completion_tokens': 3,
        },
      },
      {
        scope: 'honeyhive',
        name: 'search',
        attributes: {
          honeyhive_event_type: 'tool',
          'honeyhive_inputs.query': 'rain',
          'honeyhive_outputs.result': 'no',
        },
      },
    ],
    events: [
      { ...COMPLETE, $ai_session_id: 's-1', $ai_model_parameters: { temperature: 0.5 } },
      { $ai_span_type: 'tool', $ai_input_state: 'rain', $ai_output_state: 'no' },
    ],
  },
  {
    emitter: 'TrueFoundry gateway',
    source: 'truefoundry/docs ai-gateway/fetch-request-logs-span-attributes',
    spans: [
      {
        scope: 'tfy-llm-gateway',
        spanId: 'request',
        attributes: {
          'tfy.span_type': 'ChatCompletion',
          'tfy.input': json({ model: 'main/gpt-4o', messages: ASKED }),
          'tfy.output': json({ ...ANSWER, usage: { prompt_tokens: 12, completion_tokens: 3 } }),
        },
      },
      {
        scope: 'tfy-llm-gateway',
        parentSpanId: 'request',
        attributes: {
          'tfy.span_type': 'Model',
          'tfy.model.name': 'gpt-4o',
          'tfy.model.metric.input_tokens': 12,
          'tfy.model.metric.output_tokens': 3,
          'tfy.model.metric.cost_in_usd': 0.001,
          'tfy.model.metric.time_to_first_token_in_ms': 100,
          'tfy.input': json({ model: 'main/gpt-4o', messages: ASKED }),
          'tfy.output': json(ANSWER),
        },
      },
    ],
    events: [
      { event: '$ai_trace' },
      { ...COMPLETE, $ai_total_cost_usd: 0.001, $ai_time_to_first_token: 0.1, $ai_stop_reason: 'stop' },
    ],
  },
  {
    emitter: 'Plano (archgw)',
    source: 'katanemo/plano crates/brightstaff/src/tracing/constants.rs',
    spans: [
      {
        scope: 'brightstaff',
        name: 'POST /v1/chat/completions gpt-4o',
        attributes: {
          'http.method': 'POST',
          'http.status_code': 200,
          'llm.model': 'gpt-4o',
          'llm.is_streaming': true,
          'llm.usage.prompt_tokens': 12,
          'llm.usage.completion_tokens': 3,
          'llm.usage.cached_input_tokens': 4,
          'llm.time_to_first_token': 350,
          'llm.temperature': 0.5,
        },
      },
    ],
    events: [{ ...CALLED, $ai_cache_read_input_tokens: 4, $ai_time_to_first_token: 0.35, $ai_stream: true }],
  },
  {
    emitter: 'any-agent',
    source: 'mozilla-ai/any-agent src/any_agent/callbacks/span_generation/base.py',
    spans: [
      {
        scope: 'any_agent',
        name: 'call_llm gpt-4o',
        attributes: {
          'gen_ai.operation.name': 'call_llm',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.input.messages': json(ASKED),
          'gen_ai.output': json([{ 'tool.name': 'lookup', 'tool.args': { id: 7 } }]),
          'gen_ai.output.type': 'json',
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.usage.output_tokens': 3,
        },
      },
    ],
    events: [
      {
        ...CALLED,
        $ai_input: ASKED,
        $ai_output_choices: [
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ type: 'function', function: { name: 'lookup', arguments: { id: 7 } } }],
          },
        ],
      },
    ],
  },
  {
    emitter: 'NeMo Agent Toolkit',
    source: 'NVIDIA/NeMo-Agent-Toolkit packages/nvidia_nat_opentelemetry/src/nat/plugins/opentelemetry',
    spans: [
      {
        scope: 'nat',
        name: 'gpt-4o',
        attributes: {
          'openinference.span.kind': 'LLM',
          'nat.event_type': 'LLM_START',
          'nat.subspan.name': 'gpt-4o',
          'input.value': json([{ type: 'human', content: 'hi' }]),
          'output.value': 'hello',
          'llm.token_count.prompt': 12,
          'llm.token_count.completion': 3,
        },
      },
    ],
    events: [COMPLETE],
  },
  {
    emitter: 'NeMo Guardrails',
    source: 'NVIDIA/NeMo-Guardrails nemoguardrails/tracing/span_extractors.py',
    spans: [
      {
        scope: 'nemo_guardrails',
        name: 'self_check_input gpt-4o',
        attributes: {
          'gen_ai.operation.name': 'self_check_input',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.usage.output_tokens': 3,
        },
        events: [
          { name: 'gen_ai.content.prompt', timeMs: 1, attributes: { content: 'hi' } },
          { name: 'gen_ai.content.completion', timeMs: 2, attributes: { content: 'hello' } },
        ],
      },
    ],
    events: [COMPLETE],
  },
  {
    emitter: 'Azure AI agents',
    source: 'Azure/azure-sdk-for-python sdk/ai/azure-ai-projects (telemetry, _ai_project_instrumentor.py)',
    spans: [
      {
        scope: 'azure.ai.projects',
        name: 'chat gpt-4o',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.usage.output_tokens': 3,
        },
        events: [
          { name: 'gen_ai.input.message', timeMs: 1, attributes: { 'gen_ai.event.content': json(ASKED[0]) } },
          { name: 'gen_ai.output.message', timeMs: 2, attributes: { 'gen_ai.event.content': json(SAID[0]) } },
        ],
      },
    ],
    events: [COMPLETE],
  },
  {
    emitter: 'Goose',
    source: 'block/goose crates/goose/src/providers (tracing fields of `complete`)',
    spans: [
      {
        scope: 'goose',
        name: 'complete',
        attributes: {
          target: 'goose::providers::openai',
          model_config: json({ model_name: 'gpt-4o', context_limit: 128_000 }),
          input: json({ system: '', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] }),
          output: json(ANSWER),
          input_tokens: 12,
          output_tokens: 3,
        },
      },
    ],
    events: [COMPLETE],
  },
  {
    emitter: 'Traceloop for Go',
    source: 'traceloop/go-openllmetry traceloop-sdk/workflow.go',
    spans: [
      {
        name: 'openai.chat',
        attributes: {
          'llm.vendor': 'openai',
          'llm.request.type': 'chat',
          'llm.request.model': 'gpt-4o',
          'llm.usage.prompt_tokens': 12,
          'llm.usage.completion_tokens': 3,
          'llm.prompts.0.role': 'user',
          'llm.prompts.0.content': 'hi',
          'llm.completions.0.role': 'assistant',
          'llm.completions.0.content': 'hello',
        },
      },
    ],
    events: [{ ...COMPLETE, $ai_provider: 'openai' }],
  },
  {
    emitter: 'Semantic Kernel for .NET',
    source: 'microsoft/semantic-kernel dotnet/src/InternalUtilities/src/Diagnostics/ModelDiagnostics.cs',
    spans: [
      {
        scope: 'Microsoft.SemanticKernel.Diagnostics',
        name: 'chat.completions gpt-4o',
        attributes: {
          'gen_ai.operation.name': 'chat.completions',
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.response.finish_reason': 'Stop',
          'gen_ai.response.prompt_tokens': 12,
          'gen_ai.response.completion_tokens': 3,
        },
        events: [
          { name: 'gen_ai.content.prompt', timeMs: 1, attributes: { 'gen_ai.prompt': json(ASKED) } },
          {
            name: 'gen_ai.content.completion',
            timeMs: 2,
            attributes: { 'gen_ai.completion': json([{ role: 'Assistant', content: 'hello' }]) },
          },
        ],
      },
    ],
    events: [{ ...COMPLETE, $ai_stop_reason: 'stop' }],
  },
  {
    emitter: 'Quarkus LangChain4j',
    source: 'quarkiverse/quarkus-langchain4j core/runtime (MetricsChatModelListener, SpanChatModelListener)',
    spans: [
      {
        scope: 'io.quarkus.opentelemetry',
        name: 'completion gpt-4o',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.response.finish_reasons': '[STOP]',
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.usage.output_tokens': 3,
          'gen_ai.client.estimated_cost': '0.0001USD',
          'gen_ai.prompt': 'hi',
          'gen_ai.completion': 'hello',
        },
      },
    ],
    events: [{ ...COMPLETE, $ai_stop_reason: 'stop' }],
  },
  {
    emitter: 'Respan (Keywords AI)',
    source: 'Keywords-AI/keywordsai_tracing (associations on Traceloop spans)',
    spans: [
      {
        scope: 'keywordsai',
        name: 'openai.chat',
        attributes: {
          'traceloop.span.kind': 'llm',
          'keywordsai.customer_params.customer_identifier': 'u-1',
          'keywordsai.threads.thread_identifier': 't-1',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.prompt_tokens': 12,
          'gen_ai.usage.completion_tokens': 3,
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': 'hi',
          'gen_ai.completion.0.content': 'hello',
        },
      },
    ],
    events: [{ ...COMPLETE, person: 'u-1', $ai_session_id: 't-1' }],
  },
  {
    emitter: 'CozeLoop',
    source: 'coze-dev/cozeloop-py cozeloop/internal/trace/model.py',
    spans: [
      {
        scope: 'cozeloop',
        name: 'ChatModel',
        attributes: {
          'cozeloop.span_type': 'model',
          'cozeloop.input': json({ messages: ASKED }),
          'cozeloop.output': json({ choices: ANSWER.choices }),
          'gen_ai.request.model': 'gpt-4o',
          input_tokens: 12,
          output_tokens: 3,
          user_id: 'u-1',
        },
      },
    ],
    events: [{ ...COMPLETE, person: 'u-1' }],
  },
  {
    emitter: 'PromptFlow',
    source: 'microsoft/promptflow src/promptflow-tracing/promptflow/tracing/_trace.py',
    spans: [
      {
        scope: 'promptflow',
        name: 'openai.resources.chat.completions.Completions.create',
        attributes: {
          framework: 'promptflow',
          span_type: 'LLM',
          function: 'openai.resources.chat.completions.Completions.create',
          inputs: json({ model: 'gpt-4o', messages: ASKED, temperature: 0 }),
          output: json(ANSWER),
          'llm.response.model': 'gpt-4o',
          'llm.generated_message': json(SAID[0]),
          'llm.usage.prompt_tokens': 12,
          'llm.usage.completion_tokens': 3,
          '__computed__.cumulative_token_count.prompt': 12,
          '__computed__.cumulative_token_count.completion': 3,
        },
      },
    ],
    events: [{ ...COMPLETE, $ai_stop_reason: 'stop' }],
  },
  {
    emitter: 'TruLens',
    source: 'truera/trulens src/core/trulens/otel/semconv/trace.py',
    spans: [
      {
        scope: 'trulens',
        name: 'openai.chat',
        attributes: {
          'ai.observability.span_type': 'generation',
          'ai.observability.record_id': 'r-1',
          'ai.observability.call.kwargs.messages': json(ASKED),
          'ai.observability.call.return': json(ANSWER),
          'ai.observability.cost.model': 'gpt-4o',
          'ai.observability.cost.num_tokens': 15,
          'ai.observability.cost.num_prompt_tokens': 12,
          'ai.observability.cost.num_completion_tokens': 3,
        },
      },
    ],
    events: [COMPLETE],
  },
  {
    emitter: 'tRPC-Agent-Go',
    source: 'trpc-group/trpc-agent-go telemetry/trace',
    spans: [
      {
        scope: 'trpc.agent.go',
        name: 'call_llm',
        attributes: {
          'gen_ai.operation.name': 'call_llm',
          'gen_ai.request.model': 'gpt-4o',
          'trpc.go.agent.runner.user_id': 'u-1',
          'trpc.go.agent.session_id': 's-1',
          'trpc.go.agent.llm_request': json({ messages: ASKED, generation_config: { temperature: 0.7 } }),
          'trpc.go.agent.llm_response': json({
            ...ANSWER,
            usage: { prompt_tokens: 12, completion_tokens: 3 },
          }),
        },
      },
      {
        scope: 'trpc.agent.go',
        name: 'execute_tool lookup',
        attributes: {
          'gen_ai.operation.name': 'tool.execute',
          'gen_ai.tool.name': 'lookup',
          'trpc.go.agent.tool_call_args': '{"id":7}',
          'trpc.go.agent.tool_response': '{"ok":true}',
        },
      },
    ],
    events: [
      { ...COMPLETE, person: 'u-1', $ai_session_id: 's-1' },
      { $ai_span_type: 'tool', $ai_input_state: { id: 7 }, $ai_output_state: { ok: true } },
    ],
  },
  {
    emitter: 'Fiddler',
    source: 'fiddler-labs/fiddler-otel (attributes.py)',
    spans: [
      {
        scope: 'fiddler',
        attributes: {
          'fiddler.span.type': 'llm',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.llm.input.system': 'Be brief.',
          'gen_ai.llm.input.user': 'hi',
          'gen_ai.llm.output': 'hello',
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.usage.output_tokens': 3,
        },
      },
    ],
    events: [{ ...COMPLETE, $ai_input: [{ role: 'system', content: 'Be brief.' }, ...ASKED] }],
  },
  {
    emitter: 'Mirascope',
    source: 'mirascope/mirascope python/mirascope/ops/_internal/instrumentation/llm/serialize.py',
    spans: [
      {
        scope: 'mirascope.ops',
        name: 'recommend.call',
        attributes: {
          'mirascope.type': 'trace',
          'mirascope.response.model_id': 'gpt-4o',
          'mirascope.response.messages': json([
            { role: 'user', content: [{ type: 'text', text: 'hi' }], name: null },
          ]),
          'mirascope.response.content': json([{ type: 'text', text: 'hello' }]),
          'mirascope.response.usage': json({ input_tokens: 12, output_tokens: 3, cache_read_tokens: 4 }),
          'mirascope.trace.output': '**hello**',
        },
      },
    ],
    events: [{ ...COMPLETE, $ai_cache_read_input_tokens: 4 }],
  },
  {
    emitter: 'Mirascope, with the API behind the model',
    source: 'mirascope/mirascope python/mirascope/ops/_internal/instrumentation/llm/common.py',
    spans: [
      {
        scope: 'mirascope.llm',
        name: 'chat openai/gpt-4o:completions',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'openai/gpt-4o:completions',
          'gen_ai.response.model': 'openai/gpt-4o:completions',
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.usage.output_tokens': 3,
        },
      },
    ],
    events: [{ ...CALLED, $ai_model: 'openai/gpt-4o' }],
  },
  {
    emitter: 'AgentScope',
    source: 'agentscope-ai/agentscope src/agentscope/tracing (before it wrote OpenTelemetry’s names)',
    spans: [
      {
        scope: 'agentscope',
        name: 'OpenAIChatModel.__call__',
        attributes: {
          'span.kind': 'LLM',
          input: json({ args: [], kwargs: { messages: ASKED } }),
          output: json({
            content: [{ type: 'text', text: 'hello' }],
            usage: { input_tokens: 12, output_tokens: 3 },
          }),
          model_name: 'gpt-4o',
        },
      },
    ],
    events: [COMPLETE],
  },
  {
    emitter: 'OpenAI for PHP',
    source: 'open-telemetry/opentelemetry-php-contrib src/Instrumentation/OpenAIPHP',
    spans: [
      {
        scope: 'io.opentelemetry.contrib.php.openai',
        name: 'openai chat/create',
        attributes: {
          'openai.resource': 'chat',
          'openai.operation': 'create',
          'openai.model': 'gpt-4o',
          'openai.temperature': 0.5,
          'openai.usage.prompt_tokens': 12,
          'openai.usage.completion_tokens': 3,
          'openai.usage.total_tokens': 15,
        },
      },
    ],
    events: [{ ...CALLED, $ai_model_parameters: { temperature: 0.5 } }],
  },
  {
    emitter: 'Netra',
    source: 'KeyValueSoftwareSystems/netra-sdk-py netra (associations on Traceloop spans)',
    spans: [
      {
        scope: 'netra.instrumentation.openai',
        name: 'openai.chat',
        attributes: {
          'netra.span.type': 'GENERATION',
          'netra.session_id': 's-1',
          'netra.user_id': 'u-1',
          'llm.request.type': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.prompt_tokens': 12,
          'gen_ai.usage.completion_tokens': 3,
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': 'hi',
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'hello',
        },
      },
    ],
    events: [{ ...COMPLETE, person: 'u-1', $ai_session_id: 's-1' }],
  },
];

describe('emitters without a dialect', () => {
  it.each(EMITTERS)('$emitter', ({ spans, events }) => {
    expect(eventsOf(spans)).toMatchObject(events);
  });
});

describe('events that no convention knows', () => {
  const counted = { 'acme.model': 'gpt-4o', 'acme.prompt_tokens': 12, 'acme.completion_tokens': 3 };

  it.each([
    ['their attributes say it', { 'acme.prompt': 'hi' }, { 'acme.completion': 'hello' }],
    ['their names say it', { content: 'hi' }, { text: 'hello' }],
    ['messages as JSON', { messages: json(ASKED) }, { 'acme.response.choices': json(ANSWER.choices) }],
  ])('carry content: %s', (_how, prompt, completion) => {
    const events = [
      { name: 'acme.prompt', timeMs: 1, attributes: prompt },
      { name: 'acme.completion', timeMs: 2, attributes: completion },
    ];
    expect(eventsOf([{ scope: 'acme', attributes: counted, events }])).toMatchObject([COMPLETE]);
  });

  it('do not make a log line a message', () => {
    const events = [{ name: 'log', timeMs: 1, attributes: { message: 'connecting', 'log.body': 'x' } }];
    const [event] = eventsOf([{ scope: 'acme', attributes: counted, events }]);
    expect(event).toMatchObject(CALLED);
    expect(event).not.toHaveProperty('$ai_input');
    expect(event).not.toHaveProperty('$ai_output_choices');
  });
});
