// As it was written for @posthog/ai/otel: not a line is changed.
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';

const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL }); // OPENAI_API_KEY

const { text } = await generateText({
  model: openai.chat('gpt-4o-mini'),
  prompt: 'Recommend a rain jacket for cycling, in one sentence.',
  experimental_telemetry: {
    isEnabled: true,
    functionId: 'advise',
    metadata: { posthog_distinct_id: 'user_123', $ai_session_id: 'session_abc', plan: 'pro' },
  },
});
console.log(text);
