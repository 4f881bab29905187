import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMS } from '../../bench/forms.mjs';
import type { TextForm } from '../../src/translate/dialects/dialect.ts';
import { toEvent } from '../../src/translate/event/to-event.ts';
import { fitEvent } from '../../src/translate/limits/fit-event.ts';
import { applyPrivacy } from '../../src/translate/privacy/apply-privacy.ts';
import { readCall } from '../../src/translate/reading/read-call.ts';
import { span } from '../support/spans.ts';

/** Texts that some reader opens, or that must not leave as they are. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'It was a dark night; the "rain" fell\nin torrents. '.repeat(8),
    '[{"role":"user","content":"a dumped conversation"}]',
    '[{"type":"text","text":"a dumped part"}]',
    ' [1] a footnote',
    '[not json',
    '{"rows":[1]}',
    `data:image/png;base64,${'iVBORw0KGgo'.repeat(90)}`,
    '日本語の文章 😀',
    'a\u0000b',
  ),
);
const toolCall = fc.record({
  type: fc.constant('tool_call'),
  id: fc.constantFrom('call_1', 'call_2'),
  name: fc.constantFrom('find', 'get'),
  arguments: fc.record({ query: text }),
});
const said = fc.record({
  role: fc.constantFrom('system', 'user', 'assistant'),
  parts: fc.array(fc.oneof(fc.record({ type: fc.constant('text'), content: text }), toolCall), {
    minLength: 1,
    maxLength: 3,
  }),
});
const answered = fc.record({
  role: fc.constant('tool'),
  parts: fc.tuple(
    fc.record({ type: fc.constant('tool_call_response'), id: fc.constant('call_1'), response: text }),
  ),
});
const conversation = fc.array(fc.oneof(said, answered), { minLength: 1, maxLength: 5 });
const tools = fc.array(
  fc.record({
    type: fc.constant('function'),
    name: fc.constantFrom('find', 'get', 'a\u0000b'),
    description: text,
  }),
  { maxLength: 2 },
);

interface Way {
  readonly texts: TextForm;
  readonly privacyMode: boolean;
  readonly maxBytes: number;
}

function sentFor(form: keyof typeof FORMS, recorded: Record<string, unknown>, way: Way): string {
  const { scope, name, write } = FORMS[form];
  const attributes = write(recorded);
  const result = readCall(span({ name, scope: { name: scope }, attributes }), { texts: way.texts });
  if (result.type !== 'call') throw new Error('the span must be a call');
  const event = toEvent(result.call, { metadataPrefix: '', maxMetadataDepth: 5 });
  const policy = { media: 'remove', privacyMode: way.privacyMode } as const;
  const fitted = fitEvent(applyPrivacy(event, result.call, policy), way.maxBytes);
  return 'json' in fitted ? fitted.json.toString() : 'too large';
}

describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('a call in the form of %s', (form) => {
  it('is sent as the same bytes whether or not its texts are decoded', () => {
    const input = conversation;
    const answer = fc.tuple(
      said.map((message) => ({ ...message, role: 'assistant', finish_reason: 'stop' })),
    );
    fc.assert(
      fc.property(input, answer, tools, fc.constantFrom(2_000, 8e6), (asked, output, offered, maxBytes) => {
        const recorded = {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-5-mini',
          'gen_ai.response.model': 'gpt-5-mini-2026-03-01',
          'gen_ai.response.id': 'resp_1',
          'gen_ai.usage.input_tokens': 15,
          'gen_ai.usage.output_tokens': 3,
          'gen_ai.conversation.id': 'conv_1',
          'gen_ai.tool.definitions': JSON.stringify(offered),
          'gen_ai.input.messages': JSON.stringify(asked),
          'gen_ai.output.messages': JSON.stringify(output),
          'user.id': 'user_1',
        };
        for (const privacyMode of [false, true]) {
          const way = { privacyMode, maxBytes };
          const passedOn = sentFor(form, recorded, { ...way, texts: 'recorded' });
          expect(passedOn).toBe(sentFor(form, recorded, { ...way, texts: 'decoded' }));
        }
      }),
      { numRuns: 150 },
    );
  });
});
