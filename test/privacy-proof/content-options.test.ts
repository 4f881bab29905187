import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import type { Mask, MaskContext } from '../../src/translate/privacy/mask.ts';
import { exportSpans } from '../support/export-spans.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { createSpanMaker } from '../support/real-spans.ts';

const PICTURE = Buffer.from('89504e470d0a1a0a'.repeat(20), 'hex').toString('base64');
const PROMPT = 'Write to jane@example.com from 203.0.113.7, card 4242 4242 4242 4242';

const json = JSON.stringify;
const ATTRIBUTES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.request.stop_sequences': ['the end'],
  'gen_ai.system_instructions': json([{ type: 'text', content: 'You are a postman.' }]),
  'gen_ai.input.messages': json([
    {
      role: 'user',
      parts: [
        { type: 'text', content: PROMPT },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: PICTURE },
        {
          type: 'uri',
          modality: 'image',
          uri: 'https://u:pw@files.example/a.png?X-Amz-Signature=s3cret&v=1',
        },
      ],
    },
  ]),
  'gen_ai.output.messages': json([
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'send', arguments: { to: 'jane@example.com' } }],
    },
  ]),
  'gen_ai.tool.definitions': json([{ type: 'function', name: 'send', description: 'Sends a letter' }]),
  'user.id': 'jane@example.com',
  'trace.metadata.plan': 'pro of jane@example.com',
  'trace.metadata.request': json({ headers: { authorization: 'Bearer s3cret' }, region: 'eu' }),
  'app.note': json({ role: 'user', content: 'noted: jane@example.com' }),
};

let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog();
});
afterAll(() => posthog.close());

async function sent(options: PostHogLLMSpanExporterOptions) {
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_test_key_of_the_options',
    endpoint: posthog.url,
    includeAttributes: ['app.*'],
    ...options,
  });
  const span = createSpanMaker().make('chat gpt-4o', ATTRIBUTES, (span) => {
    span.setStatus({ code: 2, message: 'No address: jane@example.com' });
  });
  const before = json(span.attributes);
  expect((await exportSpans(exporter, [span])).code).toBe(0);
  await exporter.shutdown();
  expect(json(span.attributes)).toBe(before);
  const event = posthog.events.at(-1) as { properties: Record<string, unknown> };
  const { $ai_input, $ai_output_choices, ...rest } = event.properties;
  return { text: json(event), input: json($ai_input), output: json($ai_output_choices), rest };
}

describe('media', () => {
  it('is replaced by what it was, unless it is kept', async () => {
    const removed = await sent({});
    expect(removed.text).not.toContain(PICTURE);
    expect(removed.input).toContain('[image/png 160 B removed]');
    expect((await sent({ media: 'keep' })).input).toContain(PICTURE);
  });

  it.each(['remove', 'keep'] as const)('leaves no credentials in addresses: %s', async (media) => {
    const { text, input } = await sent({ media });
    expect(text).not.toMatch(/s3cret|u:pw/);
    expect(input).toContain('https://files.example/a.png?X-Amz-Signature=removed&v=1');
  });
});

describe('redact', () => {
  it('replaces what it is told to, in content only', async () => {
    const { text, input, output, rest } = await sent({ redact: ['email', 'credit_card', 'ip_address'] });
    expect(input).toContain('Write to [email] from [ip_address], card [credit_card]');
    expect(output).toContain('[email]');
    expect(rest).toMatchObject({
      $ai_error: 'No address: [email]',
      'app.note': json({ role: 'user', content: 'noted: [email]' }),
      $ai_user: 'jane@example.com',
      metadata_plan: 'pro of jane@example.com',
    });
    expect(text.match(/jane@example/g)).toHaveLength(3);
  });

  it('does nothing unless it is asked to', async () => {
    expect((await sent({})).input).toContain(PROMPT);
  });
});

describe('mask', () => {
  it('sees every text of the content, with where it stands, after redaction and media', async () => {
    const seen: (readonly [string, string, string | undefined])[] = [];
    const mask: Mask = (text, { kind, role }: MaskContext) => {
      seen.push([text, kind, role]);
      return text;
    };
    await sent({ mask, redact: ['email', 'credit_card', 'ip_address'] });
    expect(seen).toEqual(
      expect.arrayContaining([
        ['You are a postman.', 'input', 'system'],
        ['Write to [email] from [ip_address], card [credit_card]', 'input', 'user'],
        ['[image/png 160 B removed]', 'input', 'user'],
        ['Sends a letter', 'tools', undefined],
        ['the end', 'parameters', undefined],
        ['No address: [email]', 'error', undefined],
        ['noted: [email]', 'input', 'user'],
      ]),
    );
    const texts = seen.map(([text]) => text);
    for (const hidden of ['user', 'assistant', 'send', 'c1', 'gpt-4o', 'pro of jane@example.com']) {
      expect(texts).not.toContain(hidden);
    }
  });

  const refusing = {
    'that throws': () => {
      throw new Error(`cannot mask ${PROMPT}`);
    },
    'that answers later': async () => PROMPT,
    'that forgets to answer': () => undefined,
    'that answers with an object': () => ({ toString: () => PROMPT }),
    'that throws nothing in particular': () => {
      throw undefined;
    },
  };
  it.each(Object.entries(refusing))('removes the value when it is one %s', async (_what, mask) => {
    const { text, input, rest } = await sent({ mask: mask as unknown as Mask });
    expect(text).not.toMatch(/Write to|postman|Sends a letter|the end|No address|noted/);
    expect(input).toContain('[masked]');
    expect(rest).toMatchObject({ $ai_model: 'gpt-4o', $ai_error: '[masked]', $ai_is_error: true });
  });

  it('is not asked in privacy mode, which takes everything', async () => {
    let asked = 0;
    const mask: Mask = (text) => {
      asked += 1;
      return text;
    };
    const { text, rest } = await sent({ mask, privacyMode: true });
    expect(asked).toBe(0);
    expect(text).not.toMatch(/Write to|postman|Sends a letter|the end|No address|noted/);
    expect(rest).toMatchObject({
      metadata_plan: 'pro of jane@example.com',
      metadata_request: { region: 'eu' },
    });
  });
});

it('headers never leave in custom properties', async () => {
  const { text, rest } = await sent({});
  expect(text).not.toContain('authorization');
  expect(rest).toHaveProperty('metadata_request', { region: 'eu' });
});
