import { describe, expect, it } from 'vitest';
import type { LlmCall } from '../../../src/translate/call/llm-call.ts';
import type { Message } from '../../../src/translate/call/messages.ts';
import { applyPrivacy } from '../../../src/translate/privacy/apply-privacy.ts';
import { callWith, eventOf, frozen } from './support/calls.ts';

/** Marks planted content; the number says where it stood. */
const MARK = 'PLANTED';

const KEPT_MARK = 'KEPTWORD';

let planted = 0;
function secret(): string {
  planted += 1;
  return `${MARK}-${planted}`;
}

function base64Of(text: string): string {
  return Buffer.from(text).toString('base64');
}

const MEDIA_SECRET = base64Of(`${MARK} inside a file`);

function messages(): Message[] {
  return [
    { role: 'system', parts: [{ type: 'text', text: `You are ${secret()}` }] },
    {
      role: 'user',
      name: 'jane',
      parts: [
        { type: 'text', text: secret() },
        {
          type: 'media',
          modality: 'image',
          mimeType: 'image/png',
          source: { kind: 'base64', data: MEDIA_SECRET },
          filename: `${secret()}.png`,
        },
        { type: 'media', modality: 'audio', source: { kind: 'url', url: `https://x.example/${secret()}` } },
        {
          type: 'media',
          modality: 'audio',
          source: { kind: 'base64', data: MEDIA_SECRET },
          transcript: secret(),
        },
        { type: 'media', modality: 'document', source: { kind: 'file', fileId: secret() } },
        { type: 'other', value: { anything: [secret()] } },
      ],
    },
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: secret() },
        { type: 'refusal', text: secret() },
        {
          type: 'tool_call',
          id: 'call_1',
          name: 'get_weather',
          arguments: JSON.stringify({ city: secret() }),
        },
        { type: 'tool_call', id: 'call_2', name: 'get_weather', arguments: { [secret()]: secret() } },
      ],
    },
    {
      role: 'tool',
      parts: [{ type: 'tool_result', id: 'call_1', name: 'get_weather', result: { temp: secret() } }],
    },
  ];
}

const kept = {
  model: `gpt-4o-${KEPT_MARK}`,
  provider: 'openai',
  responseId: `resp_${KEPT_MARK}`,
  usage: { inputTokens: 11, outputTokens: 7, cacheReadTokens: 3, cacheReporting: 'inclusive' as const },
  cost: { inputUsd: 0.5, outputUsd: 0.25, totalUsd: 0.75 },
  finishReason: 'stop',
  httpStatus: 429,
  timeToFirstTokenSeconds: 0.4,
  agentName: `agent-${KEPT_MARK}`,
  promptName: `prompt-${KEPT_MARK}`,
  promptVersion: 3,
};

function content(): Partial<LlmCall> {
  return {
    ...kept,
    baseUrl: `https://user:${secret()}@api.example.com/v1?key=${secret()}`,
    tools: [
      {
        name: 'get_weather',
        description: secret(),
        parameters: { properties: { [secret()]: { default: secret() } } },
      },
      { name: 'web_search', type: 'web_search', description: secret() },
    ],
    parameters: {
      temperature: 0.2,
      max_tokens: 100,
      reasoning_effort: 'high',
      stop: [secret()],
      response_format: {
        type: 'json_schema',
        json_schema: { name: secret(), schema: { description: secret() } },
      },
      user: secret(),
      prompt_variables: { name: secret() },
      logit_bias: { [secret()]: 1 },
      unheard_of: secret(),
    },
    error: { type: 'RateLimitError', message: `Too many tokens in "${secret()}" at ${secret()}:1:2` },
    trace: {
      user: `user-${KEPT_MARK}`,
      sessionId: `session-${KEPT_MARK}`,
      groups: { company: KEPT_MARK },
      tags: [KEPT_MARK],
      metadata: {
        plan: KEPT_MARK,
        nested: { deeper: { deepest: KEPT_MARK } },
        'input.value': secret(),
        'gen_ai.prompt.0.content': secret(),
        attributes: { 'traceloop.entity.output': secret(), kept: KEPT_MARK },
        list: [{ 'ai.response.text': secret() }],
        body: { output: secret() },
        headers: { authorization: `Bearer ${secret()}` },
        ls_invocation_params: JSON.stringify({ stop: secret() }),
      },
    },
    extraAttributes: {
      'app.tenant': KEPT_MARK,
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: secret() }] },
      ]),
      'llm.output_messages.0.message.content': secret(),
      'genkit:input': secret(),
      'gcp.vertex.agent.llm_request': secret(),
      'exception.message': secret(),
      'exception.stacktrace': secret(),
      'db.query.text': secret(),
      'acme.chat.messages': secret(),
      'ai.request.headers.authorization': secret(),
      'url.full': `https://x.example/?token=${secret()}`,
      input: secret(),
      error: `it said ${secret()}`,
    },
  };
}

const CALLS: Readonly<Record<string, () => LlmCall>> = {
  generation: () => callWith({ ...content(), input: messages(), output: messages() }),
  'embedding of one text': () => callWith({ ...content(), kind: 'embedding', embeddingInput: secret() }),
  'embedding of texts': () =>
    callWith({ ...content(), kind: 'embedding', embeddingInput: [secret(), secret()] }),
  'tool span': () =>
    callWith({
      ...content(),
      kind: 'tool',
      isLocalRoot: false,
      toolName: 'get_weather',
      inputState: { city: secret(), [secret()]: 1 },
      outputState: JSON.stringify({ temp: secret() }),
    }),
  'retriever span': () =>
    callWith({
      ...content(),
      kind: 'retriever',
      isLocalRoot: false,
      inputState: secret(),
      outputState: [{ id: 'doc-1', content: secret() }],
    }),
  'agent span with messages': () =>
    callWith({ ...content(), kind: 'agent', isLocalRoot: false, input: messages(), output: messages() }),
  trace: () =>
    callWith({ ...content(), kind: 'workflow', inputState: secret(), outputState: { a: secret() } }),
};

describe('planted secrets', () => {
  it.each(Object.entries(CALLS))('%s: nothing leaves in privacy mode', (_name, build) => {
    const event = frozen(eventOf(build()));
    const before = JSON.stringify(event);
    expect(before.split(MARK).length).toBeGreaterThan(20);

    const after = JSON.stringify(applyPrivacy(event, undefined, { privacyMode: true, media: 'keep' }));
    expect(marksIn(after)).toEqual([]);
    expect(after).not.toContain(MEDIA_SECRET);
    expect(JSON.stringify(event)).toBe(before);
  });

  it.each(Object.entries(CALLS))('%s: without privacy mode the secrets are seen', (_name, build) => {
    const event = eventOf(build());
    const after = JSON.stringify(applyPrivacy(event, undefined, { privacyMode: false, media: 'keep' }));
    // Headers and the credentials of URLs never leave; everything else does.
    const never = 5;
    expect(marksIn(after).length).toBe(marksIn(JSON.stringify(event)).length - never);
  });

  it.each(Object.entries(CALLS))('%s: what is no content stays', (_name, build) => {
    const event = eventOf(build());
    const { properties } = applyPrivacy(event, undefined, { privacyMode: true, media: 'remove' });
    const isContent = (name: string) => /\$ai_(?:input|output_choices|input_state|output_state)$/.test(name);
    for (const [name, value] of Object.entries(event.properties)) {
      if (isContent(name) || JSON.stringify(value).includes(MARK)) continue;
      expect({ [name]: properties[name] }).toEqual({ [name]: value });
    }
    expect(properties).toMatchObject({
      $ai_model: kept.model,
      $ai_http_status: 429,
      $ai_is_error: true,
      $ai_error_type: 'RateLimitError',
      $ai_base_url: 'https://api.example.com/v1',
      $ai_model_parameters: { temperature: 0.2, max_tokens: 100, reasoning_effort: 'high' },
      metadata_plan: KEPT_MARK,
      metadata_nested: { deeper: { deepest: KEPT_MARK } },
      metadata_attributes: { kept: KEPT_MARK },
      'app.tenant': KEPT_MARK,
    });
  });

  it('keeps tool names, and nothing else of the tools', () => {
    const event = eventOf(callWith({ ...content(), input: messages() }));
    const { properties } = applyPrivacy(event, undefined, { privacyMode: true, media: 'remove' });
    expect(properties.$ai_tools).toEqual([
      { type: 'function', function: { name: 'get_weather' } },
      { type: 'web_search', name: 'web_search' },
    ]);
  });

  it('lets a mask see every secret that is sent', () => {
    const seen: string[] = [];
    const mask = (text: string) => {
      seen.push(text);
      return '…';
    };
    for (const build of Object.values(CALLS)) {
      const event = eventOf(build());
      const after = JSON.stringify(
        applyPrivacy(event, undefined, { privacyMode: false, media: 'remove', mask }),
      );
      // Names of members are not texts; a mask for personal data in them is what `redact` is for.
      expect(marksIn(after.replaceAll(/"PLANTED-\d+":/g, ''))).toEqual([]);
    }
    expect(seen.length).toBeGreaterThan(100);
  });
});

function marksIn(text: string): string[] {
  return text.match(new RegExp(`${MARK}-\\d+`, 'g')) ?? [];
}
