// Nothing in here knows of telemetry.
import Anthropic from '@anthropic-ai/sdk';

const anthropic = new Anthropic(); // ANTHROPIC_API_KEY

const message = await anthropic.messages.create({
  model: 'claude-sonnet-5',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Recommend a rain jacket for cycling, in one sentence.' }],
});
console.log(message.content[0].text);
