import { setTimeout as sleep } from 'node:timers/promises';
import { json, listen } from './listen.js';

/** How long the pretended model thinks, and pauses between two words of a stream. */
const THINKING_MS = 120;
const WORD_MS = 15;

const ANSWER = 'The Ridge rain jacket: light, waterproof, and within your budget.';
const TOOL_CALL = {
  id: 'call_stock_1',
  type: 'function',
  function: { name: 'check_stock', arguments: '{"product":"Ridge rain jacket"}' },
};

/**
 * A stand-in for the OpenAI API: chat completions (JSON, stream, tool call) and embeddings.
 * A model whose name ends in `-busy` is always rate limited; a request with tools is answered with a tool call.
 * `answers` holds what was answered, to compare with the events that arrive.
 */
export async function startOpenAI() {
  const answers = [];
  const server = await listen(async (request, body) => {
    await sleep(THINKING_MS);
    const input = JSON.parse(body.toString('utf8'));
    const answer = answerTo(request.url, input);
    answers.push(answer);
    if (answer.status !== 200) return json(answer.status, answer.body);
    return input.stream ? eventStream(answer.body, input) : json(200, answer.body);
  });
  return { ...server, url: `${server.url}/v1`, answers };
}

function answerTo(path, input) {
  if (input.model.endsWith('-busy')) {
    const message = `Rate limit reached for ${input.model}. Please try again in 20s.`;
    return { status: 429, body: { error: { message, type: 'requests', code: 'rate_limit_exceeded' } } };
  }
  if (path === '/v1/embeddings') return { status: 200, body: embedding(input) };
  if (path === '/v1/chat/completions') return { status: 200, body: completion(input) };
  return { status: 404, body: { error: { message: `no such route: ${path}` } } };
}

function completion({ model, messages, tools }) {
  const message = tools
    ? { role: 'assistant', content: null, tool_calls: [TOOL_CALL] }
    : { role: 'assistant', content: ANSWER };
  return {
    id: `chatcmpl-${model}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: `${model}-2024-07-18`,
    choices: [{ index: 0, message, finish_reason: tools ? 'tool_calls' : 'stop' }],
    usage: usage(JSON.stringify([messages, tools]), JSON.stringify(message)),
  };
}

function embedding({ model, input, encoding_format }) {
  const vector = new Float32Array([0.1, 0.2, 0.3]);
  // The openai package asks for base64, and decodes it by default.
  const encoded = encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
  const { prompt_tokens } = usage(JSON.stringify(input), '');
  return {
    object: 'list',
    model,
    data: [{ object: 'embedding', index: 0, embedding: encoded }],
    usage: { prompt_tokens, total_tokens: prompt_tokens },
  };
}

/** Four characters make a token, roughly. */
function usage(prompt, answer) {
  const prompt_tokens = Math.ceil(prompt.length / 4);
  const completion_tokens = Math.ceil(answer.length / 4);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The same completion as server-sent events: a chunk a word, then the usage when it was asked for. */
function eventStream({ choices, usage: used, ...head }, { stream_options }) {
  const [{ message, finish_reason }] = choices;
  const chunk = (delta, finish = null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  async function* chunks() {
    for (const word of message.content.split(/(?<= )/)) {
      yield `data: ${JSON.stringify(chunk({ content: word }))}\n\n`;
      await sleep(WORD_MS);
    }
    yield `data: ${JSON.stringify(chunk({}, finish_reason))}\n\n`;
    if (stream_options?.include_usage) {
      yield `data: ${JSON.stringify({ ...chunk({}), choices: [], usage: used })}\n\n`;
    }
    yield 'data: [DONE]\n\n';
  }
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, chunks: chunks() };
}
