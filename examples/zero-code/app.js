// Nothing in here knows of telemetry.
import OpenAI from 'openai';

const openai = new OpenAI(); // OPENAI_API_KEY

const completion = await openai.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Recommend a rain jacket for cycling, in one sentence.' }],
});
console.log(completion.choices[0].message.content);
