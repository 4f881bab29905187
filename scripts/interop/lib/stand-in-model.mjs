import { createServer } from 'node:http';

/**
 * A model provider on loopback that speaks OpenAI's API: chat, streamed or not, and embeddings. It repeats what it is asked; a
 * question with the word "refuse" is answered with 400.
 *
 * @returns {Promise<{ url: string, calls: number, close(): void }>} `calls`: requests that were answered
 */
export async function startStandInModel() {
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
      const json = (status, value) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      calls += 1;
      if (request.url.endsWith('/embeddings')) return void json(200, embedding(body));
      const question = body.messages?.at(-1)?.content ?? '';
      if (question.includes('refuse'))
        return void json(400, { error: { message: 'refused', type: 'invalid_request_error' } });
      if (body.stream) stream(response, body, question);
      else json(200, completion(body, `You said: ${question}`, calls));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    get calls() {
      return calls;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export const USAGE = { prompt_tokens: 21, completion_tokens: 8, total_tokens: 29 };

let ids = 0;
const base = ({ model }, object) => ({ id: `chatcmpl-${++ids}`, object, created: 1_790_000_000, model });

function completion(body, content) {
  const message = { role: 'assistant', content };
  return {
    ...base(body, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: USAGE,
  };
}

function embedding({ model }) {
  const data = [{ object: 'embedding', index: 0, embedding: [0.1, 0.2, 0.3] }];
  return { object: 'list', data, model, usage: { prompt_tokens: 21, total_tokens: 21 } };
}

function stream(response, body, question) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const head = base(body, 'chat.completion.chunk');
  const send = (part) => response.write(`data: ${JSON.stringify({ ...head, ...part })}\n\n`);
  send({ choices: [{ index: 0, delta: { role: 'assistant', content: 'You said: ' } }] });
  send({ choices: [{ index: 0, delta: { content: question } }] });
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  send({ choices: [], usage: USAGE });
  response.end('data: [DONE]\n\n');
}
