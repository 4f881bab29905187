// `app/api/advice/route.ts`
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { withTrace } from 'posthog-llm-exporter';
import { after } from '../stand-in-next.js'; // in earnest: from 'next/server'

const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL }); // OPENAI_API_KEY

export async function POST(request) {
  const { user, question } = await request.json();
  after(() => globalThis.posthogExporter?.flushOnce());
  const { text } = await withTrace({ user, traceName: 'Shopping advice' }, () =>
    generateText({
      model: openai.chat('gpt-4o-mini'),
      prompt: question,
      experimental_telemetry: { isEnabled: true },
    }),
  );
  return Response.json({ text });
}
