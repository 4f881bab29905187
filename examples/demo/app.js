// An application that knows nothing of PostHog: it uses the openai package as usual.
import OpenAI from 'openai';
import { withMetadata } from '../shared/trace-metadata.js';

const openai = new OpenAI({ maxRetries: 0 });
const model = 'gpt-4o-mini';
const system = { role: 'system', content: 'You are a shopping assistant.' };
const question = { role: 'user', content: 'Which rain jacket do you recommend for cycling?' };

/** One request of a customer. */
function request(traceName, work) {
  const metadata = { 'trace.trace_name': traceName, 'user.id': 'user_12345', 'session.id': 'session_abc' };
  return withMetadata(metadata, work);
}

await request('Product search', () =>
  openai.embeddings.create({ model: 'text-embedding-3-small', input: 'rain jacket for cycling' }),
);

await request('Product question', () =>
  openai.chat.completions.create({ model, messages: [system, question], temperature: 0.2 }),
);

await request('Product question, streamed', async () => {
  const messages = [system, question];
  const stream = await openai.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '\n');
});

await request('Stock check', () =>
  openai.chat.completions.create({
    model,
    messages: [system, { role: 'user', content: 'Is the Ridge rain jacket in stock?' }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'check_stock',
          description: 'How many of a product are in stock',
          parameters: { type: 'object', properties: { product: { type: 'string' } }, required: ['product'] },
        },
      },
    ],
  }),
);

await request('Gift idea', async () => {
  try {
    await openai.chat.completions.create({ model: 'gpt-4o-busy', messages: [system, question] });
  } catch (error) {
    console.log(`The model is busy: ${error.message}`);
  }
});
