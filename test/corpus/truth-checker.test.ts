import { describe, expect, it } from 'vitest';
import type { EventProperties } from '../../src/translate/posthog-event.ts';
import type { Translated } from './pipeline.ts';
import { type Recording, readRecordings } from './recordings.ts';
import { checkRecording, isModelEvent, translateWhole } from './truth/check-recording.ts';
import { EXCEPTIONS, judge } from './truth/exceptions.ts';
import { readExchange } from './truth/read-exchange.ts';
import type { Check } from './truth/report.ts';

function recordingOf(name: string): Recording {
  const [folder = '', scenario = ''] = name.split('/');
  const found = readRecordings(folder).find((one) => one.scenario === scenario);
  if (!found) throw new Error(`No recording ${name}`);
  return found;
}

type Damage = (properties: EventProperties) => void;

/** The events with the properties of one model call changed. */
function damaged(sent: readonly Translated[], damage: Damage): Translated[] {
  const place = sent.findIndex(({ event }) => isModelEvent(event.event));
  return sent.map((one, index) => {
    if (index !== place) return one;
    const properties = structuredClone(one.event.properties);
    damage(properties);
    return { ...one, event: { ...one.event, properties } };
  });
}

function failedChecks(recording: Recording, sent: readonly Translated[]): Check[] {
  return [...new Set(judge(checkRecording(recording, sent), EXCEPTIONS).failures.map(({ check }) => check))];
}

const CHAT = 'openinference-openai/chat-tool-loop';

type Chat = { role: string; content: string; tool_calls?: { id: string; function: { name: string } }[] };

const messages = (properties: EventProperties, name = '$ai_input') => properties[name] as Chat[];

describe('the checker notices', () => {
  const cases: [what: string, recording: string, damage: Damage, check: Check][] = [
    ['a wrong model', CHAT, (all) => Object.assign(all, { $ai_model: 'gpt-4' }), 'model'],
    ['a wrong provider', CHAT, (all) => Object.assign(all, { $ai_provider: 'anthropic' }), 'provider'],
    ['a lost question', CHAT, (all) => messages(all).pop(), 'input text'],
    ['a lost system prompt', CHAT, (all) => messages(all).shift(), 'input text'],
    ['a wrong role', CHAT, (all) => Object.assign(messages(all)[0] ?? {}, { role: 'user' }), 'input role'],
    ['a wrong order', CHAT, (all) => messages(all).reverse(), 'input order'],
    ['a question said twice', CHAT, (all) => messages(all).push(...messages(all)), 'input said once'],
    [
      'a foreign text',
      CHAT,
      (all) => messages(all).push({ role: 'user', content: '{"raw":"blob"}' }),
      'nothing foreign in input',
    ],
    [
      'a lost tool call',
      CHAT,
      (all) => delete messages(all, '$ai_output_choices')[0]?.tool_calls,
      'output tool call',
    ],
    [
      'a wrong tool call id',
      CHAT,
      (all) => {
        for (const call of messages(all, '$ai_output_choices')[0]?.tool_calls ?? []) call.id = 'call_x';
      },
      'output tool call',
    ],
    ['lost tools', CHAT, (all) => delete all.$ai_tools, 'tools offered'],
    ['wrong input tokens', CHAT, (all) => Object.assign(all, { $ai_input_tokens: 1 }), 'input tokens'],
    ['lost input tokens', CHAT, (all) => delete all.$ai_input_tokens, 'input tokens'],
    ['wrong output tokens', CHAT, (all) => Object.assign(all, { $ai_output_tokens: 1 }), 'output tokens'],
    [
      'an invented count',
      CHAT,
      (all) => Object.assign(all, { $ai_image_input_tokens: 7 }),
      'no invented tokens',
    ],
    ['an invented price', CHAT, (all) => Object.assign(all, { $ai_total_cost_usd: 1 }), 'cost'],
    [
      'a wrong finish reason',
      CHAT,
      (all) => Object.assign(all, { $ai_stop_reason: 'length' }),
      'finish reason',
    ],
    ['a lost finish reason', CHAT, (all) => delete all.$ai_stop_reason, 'finish reason'],
    ['an invented failure', CHAT, (all) => Object.assign(all, { $ai_is_error: true }), 'error'],
    ['a lost response id', CHAT, (all) => delete all.$ai_completion_id, 'response id'],
    ['a wrong parent', CHAT, (all) => Object.assign(all, { $ai_parent_id: 'f'.repeat(16) }), 'parent'],
    ['a lost content key', CHAT, (all) => delete (messages(all)[0] as Partial<Chat>).content, 'content keys'],
    [
      'cached tokens counted the other way',
      'vercel-ai-v6/anthropic-cache-thinking',
      (all) => Object.assign(all, { $ai_cache_reporting_exclusive: !all.$ai_cache_reporting_exclusive }),
      'input tokens',
    ],
    [
      'lost reasoning tokens',
      'vercel-ai-v6/generate-text-reasoning',
      (all) => delete all.$ai_reasoning_tokens,
      'reasoning tokens',
    ],
    [
      'a lost choice',
      'openinference-openai/chat-n2',
      (all) => Object.assign(all, { $ai_output_choices: [] }),
      'one element per choice',
    ],
    [
      'a lost image',
      'openinference-openai/responses-image',
      (all) => Object.assign(all, { $ai_input: [{ role: 'user', content: 'What is in this image?' }] }),
      'input media',
    ],
    [
      'a vector',
      'openinference-openai/embeddings',
      (all) => Object.assign(all, { $ai_output_choices: [Array.from({ length: 8 }, () => 0.5)] }),
      'no vectors',
    ],
    ['a lost failure', 'anthropic-sdk-native/messages-error-529', (all) => delete all.$ai_is_error, 'error'],
    ['a lost user', 'openinference-openai/chat-basic.with-context', (all) => delete all.$ai_user, 'identity'],
  ];

  it.each(cases)('%s', (_what, name, damage, check) => {
    const recording = recordingOf(name);
    const sent = translateWhole(recording);
    const checks = failedChecks(recording, damaged(sent, damage));
    expect(failedChecks(recording, sent)).toEqual([]);
    expect(checks).toContain(check);
  });

  it('a call that is not sent', () => {
    const recording = recordingOf(CHAT);
    expect(failedChecks(recording, translateWhole(recording).slice(1))).toContain('every call has one event');
  });

  it('a call that is sent twice', () => {
    const recording = recordingOf(CHAT);
    const sent = translateWhole(recording);
    expect(failedChecks(recording, [...sent, ...sent.slice(0, 1).map((one) => ({ ...one }))])).toContain(
      'every event has a call',
    );
  });
});

describe('an exchange is read alike', () => {
  it.each([
    ['Anthropic', 'anthropic-sdk-native/messages-basic', 'anthropic-sdk-native/messages-stream'],
    ['OpenAI chat', 'openinference-openai/chat-basic', 'openinference-openai/chat-stream'],
    ['OpenAI responses', 'traceloop-openai/responses-basic', 'traceloop-openai/responses-stream'],
    ['Gemini', 'google-adk/llm-agent-two-turns', 'google-adk/llm-agent-stream'],
    ['Bedrock converse', 'openinference-bedrock/converse-basic', 'openinference-bedrock/converse-stream'],
    ['Bedrock Claude', 'openinference-bedrock/invoke-claude', 'openinference-bedrock/invoke-claude-stream'],
    ['Cohere', 'traceloop-cohere/chat-basic', 'traceloop-cohere/chat-stream'],
  ])('%s, whole or as a stream', (_provider, whole, stream) => {
    const [first, second] = [whole, stream].map((name) => recordingOf(name).exchanges.map(readExchange)[0]);
    for (const truth of [first, second]) {
      expect(truth?.output[0]?.[0]).toMatchObject({ type: 'text', role: 'assistant' });
      expect(truth?.finishReasons).toContain('stop');
      expect(truth?.usage.input).toBeGreaterThan(0);
      expect(truth?.usage.output).toBeGreaterThan(0);
    }
    expect([first?.isStream, second?.isStream]).toEqual([false, true]);
  });
});
