import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { withTrace } from 'posthog-llm-exporter';

const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL }); // OPENAI_API_KEY

const { text } = await withTrace({ user: 'user_123', traceName: 'Shopping advice' }, () =>
  generateText({
    model: openai.chat('gpt-4o-mini'),
    prompt: 'Recommend a rain jacket for cycling, in one sentence.',
    experimental_telemetry: { isEnabled: true },
  }),
);
console.log(text);
