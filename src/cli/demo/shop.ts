import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { withTrace } from '../../sdk/scope/with-trace.ts';
import { GIFT_QUESTION, GIFT_TRACE, PRODUCT_TRACE, QUESTION, STOCK, SYSTEM, TOOL } from './conversation.ts';
import type { ChatMessage, ChatRequest } from './stand-in-model.ts';

interface Completion {
  readonly model: string;
  readonly choices: readonly { readonly message: ChatMessage; readonly finish_reason: string }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

const FIRST_MESSAGES: readonly ChatMessage[] = [
  { role: 'system', content: SYSTEM },
  { role: 'user', content: QUESTION },
];
const TOOLS = [{ type: 'function', function: { name: TOOL, parameters: { type: 'object' } } }];

const tracer = () => trace.getTracer('posthog-llm-exporter-demo');

/**
 * A small application: an agent that asks a model, calls the tool that the model wants and asks again; then a call that
 * fails. Its spans are those that instrumentations of OpenTelemetry's GenAI conventions write.
 * @param modelUrl of the model's API
 */
export async function runShop(modelUrl: string): Promise<void> {
  await withTrace(PRODUCT_TRACE, () =>
    within(
      'invoke_agent shop',
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'shop' },
      async () => {
        const model = 'gpt-4o-mini';
        const asked = await chat(modelUrl, { model, messages: FIRST_MESSAGES, tools: TOOLS });
        const stock = await checkStock(asked?.tool_calls?.[0]?.function.arguments ?? '{}');
        const result: ChatMessage = { role: 'tool', tool_call_id: 'call_stock_1', content: stock };
        const messages = [...FIRST_MESSAGES, ...(asked ? [asked] : []), result];
        await chat(modelUrl, { model, messages, tools: TOOLS });
      },
    ),
  );
  await withTrace(GIFT_TRACE, () =>
    chat(modelUrl, {
      model: 'gpt-4o-busy',
      messages: [
        { role: 'system', content: SYSTEM },
        { role: 'user', content: GIFT_QUESTION },
      ],
    }),
  );
}

function chat(modelUrl: string, request: ChatRequest): Promise<ChatMessage | undefined> {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': request.model,
    'gen_ai.input.messages': JSON.stringify(request.messages.map(toParts)),
  };
  return within(`chat ${request.model}`, attributes, async (span) => {
    const { status, body } = await post(`${modelUrl}/v1/chat/completions`, request);
    if (status !== 200) {
      span.setAttribute('error.type', String(status));
      span.setStatus({ code: SpanStatusCode.ERROR, message: JSON.stringify(body) });
      return undefined;
    }
    const { model, choices, usage } = body as Completion;
    const [choice] = choices;
    span.setAttributes({
      'gen_ai.response.model': model,
      'gen_ai.response.finish_reasons': [choice?.finish_reason ?? 'stop'],
      'gen_ai.usage.input_tokens': usage.prompt_tokens,
      'gen_ai.usage.output_tokens': usage.completion_tokens,
      'gen_ai.output.messages': JSON.stringify(choices.map(({ message }) => toParts(message))),
    });
    return choice?.message;
  });
}

function checkStock(parameters: string): Promise<string> {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': TOOL,
    'gen_ai.tool.call.arguments': parameters,
    'gen_ai.tool.call.result': STOCK,
  };
  return within(`execute_tool ${TOOL}`, attributes, async () => STOCK);
}

function within<T>(
  name: string,
  attributes: Readonly<Record<string, string>>,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer().startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      return await work(span);
    } finally {
      span.end();
    }
  });
}

/** A message in the form of OpenTelemetry's conventions. */
function toParts({ role, content, tool_calls: calls = [], tool_call_id: id }: ChatMessage): object {
  if (role === 'tool') return { role, parts: [{ type: 'tool_call_response', id, response: content }] };
  return {
    role,
    parts: [
      ...(content === null ? [] : [{ type: 'text', content }]),
      ...calls.map(({ id, function: { name, arguments: text } }) => ({
        ...{ type: 'tool_call', id, name },
        arguments: JSON.parse(text),
      })),
    ],
  };
}

/** Not `fetch`, which would go through a proxy that the environment names. */
function post(
  url: string,
  body: object,
): Promise<{ readonly status: number | undefined; readonly body: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST' }, (response) => {
      text(response).then(
        (received) => resolve({ status: response.statusCode, body: JSON.parse(received) }),
        reject,
      );
    });
    request.on('error', reject).end(JSON.stringify(body));
  });
}
