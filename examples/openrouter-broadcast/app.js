import OpenAI from 'openai';
import { withTrace } from 'posthog-llm-exporter';

// In earnest: baseURL 'https://openrouter.ai/api/v1', model 'openai/gpt-4o-mini'.
const openrouter = new OpenAI();

const messages = [{ role: 'user', content: 'Recommend a rain jacket for cycling, in one sentence.' }];

// What Broadcast took from the body of the request (`user`, `session_id`, `trace`) is said here.
const completion = await withTrace(
  {
    user: 'user_12345',
    sessionId: 'session_abc',
    traceName: 'Product Recommendations',
    generationName: 'Generate Recommendation',
    metadata: { feature: 'shopping-assistant', ab_test_group: 'variant_b' },
  },
  () => openrouter.chat.completions.create({ model: 'gpt-4o-mini', messages }),
);
console.log(completion.choices[0].message.content);
