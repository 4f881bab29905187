// Who asked, in which conversation, and what for: said once at the edge, on every call deep inside.
import OpenAI from 'openai';
import { currentTraceId, setTrace, withTrace } from 'posthog-llm-exporter';
import { exporter } from './telemetry.js';

const openai = new OpenAI(); // OPENAI_API_KEY

await Promise.all([handleRequest('ada'), handleRequest('grace')]);

async function handleRequest(user) {
  await withTrace(
    { traceId: `request-${user}`, traceName: 'Shopping advice', metadata: { channel: 'web' } },
    async () => {
      setTrace({ user, sessionId: `session-${user}` }); // once it is known, for the rest of the request
      console.log(await advise());
      exporter.captureFeedback({ text: `Thanks, says ${user}` }); // here, or later with this id:
      console.log(currentTraceId());
    },
  );
}

async function advise() {
  const completion = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Recommend a rain jacket for cycling, in one sentence.' }],
  });
  return completion.choices[0].message.content;
}
