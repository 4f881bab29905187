import OpenAI from 'openai';
import { withTrace } from 'posthog-llm-exporter';
import { exporter } from './telemetry.js';

const openai = new OpenAI(); // OPENAI_API_KEY

export async function handler(event) {
  try {
    return await withTrace({ user: event.user }, () => answer(event.question));
  } finally {
    // The process is frozen when the handler returns. Never rejects, and waits for 2 seconds at most.
    const { complete } = await exporter.flushOnce({ timeoutMs: 2_000 });
    if (!complete) console.warn('PostHog has not got everything yet');
  }
}

async function answer(question) {
  const completion = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: question }],
  });
  return completion.choices[0].message.content;
}
