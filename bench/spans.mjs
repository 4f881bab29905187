// Ended spans of the real SDK with invented, repeatable content.
import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { END_MARK } from './end-mark.mjs';
import { FORMS } from './forms.mjs';

const TYPICAL = { spans: 4096, passes: 4, inputCharacters: 6_000, outputCharacters: 1_500 };
const LOOP = { spans: 2048, passes: 4, inputCharacters: 300, outputCharacters: 600, loopCalls: 16 };

/**
 * `passes`: how often the timed section goes through the spans. `via`: who hands them over. `form`: who recorded them, else
 * the GenAI conventions, whose messages are passed on as they were recorded. `messages`: of the prompt, else one for each
 * 1,500 characters. `loopCalls`: an agent, whose calls of one trace each repeat the whole conversation before them.
 */
export const WORKLOADS = {
  small: { spans: 4096, passes: 8, inputCharacters: 300, outputCharacters: 300 },
  typical: TYPICAL,
  'messages-10': { ...TYPICAL, messages: 10 },
  'messages-100': { ...TYPICAL, spans: 2048, inputCharacters: 20_000, messages: 100 },
  aisdk: { ...TYPICAL, form: 'aisdk' },
  openinference: { ...TYPICAL, form: 'openinference' },
  'openinference-60': {
    ...TYPICAL,
    spans: 2048,
    inputCharacters: 12_000,
    messages: 60,
    form: 'openinference',
  },
  traceloop: { ...TYPICAL, form: 'traceloop' },
  'traceloop-json': { ...TYPICAL, form: 'traceloop-json' },
  langfuse: { ...TYPICAL, form: 'langfuse' },
  loop: LOOP,
  'loop-aisdk': { ...LOOP, form: 'aisdk' },
  large: { spans: 512, passes: 3, inputCharacters: 200_000, outputCharacters: 1_500 },
  mixed: { spans: 10_240, passes: 4, inputCharacters: 6_000, outputCharacters: 1_500, aiShare: 0.1 },
  'batch-processor': { ...TYPICAL, via: 'sdk' },
  'own-processor': { ...TYPICAL, via: 'own' },
};

const SYLLABLES = 'an be co du er fi gu ha in jo ka le mi no or pa qui re so ta um ve wi xo ya ze'.split(' ');
const OTHER_SCRIPTS = ['日本語の文章', 'naïve café', '“quoted” — dashed', '😀', 'Здравствуйте'];
const TOOLS = JSON.stringify(
  ['search_orders', 'get_weather'].map((name) => ({
    type: 'function',
    name,
    description: `What ${name} does, in a sentence that a model can understand and act upon.`,
    parameters: {
      type: 'object',
      properties: { query: { type: 'string', description: 'What to look for' } },
    },
  })),
);

/** A small linear congruential generator: the same numbers on every machine. */
function numbersFrom(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Prose-like text that gzip packs about three to one; every fourth span also has other scripts. */
function prose(length, next, hasOtherScripts) {
  const words = [];
  for (let size = 0; size < length; ) {
    let word = '';
    for (let parts = 1 + next(3); parts > 0; parts--) word += SYLLABLES[next(SYLLABLES.length)];
    if (next(14) === 0) word += next(5) === 0 ? '.\n' : ', "so they say"';
    if (hasOtherScripts && next(60) === 0) word = OTHER_SCRIPTS[next(OTHER_SCRIPTS.length)];
    words.push(word);
    size += word.length + 1;
  }
  return words.join(' ').slice(0, length);
}

const hex = (digits, next) => Array.from({ length: digits }, () => next(16).toString(16)).join('');

function aiAttributes(index, { inputCharacters, outputCharacters, messages, loopCalls }, next, history) {
  const write = (length) => prose(length, next, index % 4 === 0);
  const turns = messages ?? Math.max(1, Math.min(20, Math.floor(inputCharacters / 1_500)));
  const hasTools = turns > 1 || loopCalls !== undefined;
  const input = Array.from({ length: turns }, (_, turn) => ({
    role: turn === 0 && turns > 1 ? 'system' : turn % 2 === 0 ? 'assistant' : 'user',
    parts: [{ type: 'text', content: write(Math.floor(inputCharacters / turns)) }],
  }));
  const call = {
    type: 'tool_call',
    id: `call_${hex(16, next)}`,
    name: 'search_orders',
    arguments: { query: 'open' },
  };
  const conversation = [...history, ...input];
  const output = [
    {
      role: 'assistant',
      parts: [{ type: 'text', content: write(outputCharacters) + END_MARK }, ...(hasTools ? [call] : [])],
      finish_reason: 'stop',
    },
  ];
  if (loopCalls !== undefined) remember(history, input, output, write);
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.model': 'gpt-5-mini-2026-03-01',
    'gen_ai.response.id': `resp_${hex(24, next)}`,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.request.temperature': 0.7,
    'gen_ai.request.max_tokens': 4096,
    'gen_ai.usage.input_tokens': 1_500 + next(400),
    'gen_ai.usage.output_tokens': 300 + next(100),
    'gen_ai.conversation.id': `conv_${hex(12, next)}`,
    ...(hasTools ? { 'gen_ai.tool.definitions': TOOLS } : {}),
    'gen_ai.input.messages': JSON.stringify(conversation),
    'gen_ai.output.messages': JSON.stringify(output),
    'server.address': 'api.openai.com',
    'server.port': 443,
    'user.id': `user_${index % 500}`,
    'app.feature': 'support',
    'app.tenant': `tenant-${index % 37}`,
  };
}

/** Adds a call, its answer and what its tool answered to the conversation. The mark stands once in a span. */
function remember(history, input, [{ role, parts }], write) {
  const answer = JSON.parse(JSON.stringify(parts).replaceAll(END_MARK, ''));
  const result = {
    type: 'tool_call_response',
    id: parts[1].id,
    response: JSON.stringify({ rows: [write(1_500)] }),
  };
  history.push(...input, { role, parts: answer }, { role: 'tool', parts: [result] });
}

function foreignAttributes(index) {
  return {
    'http.request.method': 'GET',
    'url.path': `/orders/${index}`,
    'http.route': '/orders/:id',
    'http.response.status_code': 200,
    'server.address': 'shop.example.com',
    'server.port': 443,
    'user_agent.original': 'Mozilla/5.0 <<foreign span>>',
  };
}

/** @returns the spans, and how many of them are model calls */
export function makeSpans(workload, count = workload.spans) {
  const next = numbersFrom(20_260_115);
  const spans = [];
  const keep = {
    onStart() {},
    onEnd: (span) => spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  // Flattened forms need more than the SDK's default of 128.
  const spanLimits = { attributeCountLimit: 10_000 };
  const provider = new BasicTracerProvider({ spanProcessors: [keep], spanLimits });
  const form = FORMS[workload.form ?? 'gen-ai'];
  const ai = provider.getTracer(form.scope, '1.0.0');
  const http = provider.getTracer('bench.http', '1.0.0');
  const everyNth = Math.round(1 / (workload.aiShare ?? 1));
  const history = [];
  const attributesOf = (index) => form.write(aiAttributes(index, workload, next, history));
  const startMs = Date.UTC(2026, 0, 15, 12);
  let traceId = '';
  for (let index = 0; index < count; index++) {
    if (index % (workload.loopCalls ?? 10) === 0) {
      traceId = hex(32, next);
      history.length = 0;
    }
    const parent = { traceId, spanId: hex(16, next), traceFlags: TraceFlags.SAMPLED };
    const isAi = index % everyNth === 0;
    const span = (isAi ? ai : http).startSpan(
      isAi ? form.name : 'GET /orders/:id',
      {
        kind: SpanKind.CLIENT,
        startTime: startMs + index,
        attributes: isAi ? attributesOf(index) : foreignAttributes(index),
      },
      trace.setSpanContext(ROOT_CONTEXT, parent),
    );
    span.end(startMs + index + 1_000);
  }
  return { spans, aiSpans: Math.ceil(count / everyNth) };
}
