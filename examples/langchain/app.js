import { ChatOpenAI } from '@langchain/openai';
import { withTrace } from 'posthog-llm-exporter';

const model = new ChatOpenAI({
  model: 'gpt-4o-mini', // OPENAI_API_KEY
  configuration: { baseURL: process.env.OPENAI_BASE_URL },
});

const answer = await withTrace({ user: 'user_123', sessionId: 'session_abc' }, () =>
  model.invoke('Recommend a rain jacket for cycling, in one sentence.'),
);
console.log(answer.content);
