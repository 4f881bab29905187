import { json, listen } from '../demo/stand-ins/listen.js';

/** A stand-in for Anthropic's Messages API; part of the prompt comes from the cache, as in long conversations. */
export function startAnthropic() {
  return listen((_request, body) => {
    const { model } = JSON.parse(body.toString('utf8'));
    return json(200, {
      id: 'msg_demo',
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text: 'The Ridge rain jacket: light, waterproof, and within your budget.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 14,
        cache_read_input_tokens: 2000,
        cache_creation_input_tokens: 0,
        output_tokens: 17,
      },
    });
  });
}
