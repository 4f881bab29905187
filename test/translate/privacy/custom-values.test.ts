import { describe, expect, it } from 'vitest';
import { applyPrivacy } from '../../../src/translate/privacy/apply-privacy.ts';
import { isLinear } from '../../support/linear-time.ts';
import { eventWith, frozen } from './support/calls.ts';

const json = JSON.stringify;

function inPrivacyMode(value: unknown): unknown {
  const event = frozen(eventWith({ 'app.note': value }));
  return applyPrivacy(event, undefined, { privacyMode: true, media: 'remove' }).properties['app.note'];
}

function byDefault(value: unknown): unknown {
  const event = frozen(eventWith({ 'app.note': value }));
  const mask = (text: string) => text.toUpperCase();
  return applyPrivacy(event, undefined, { privacyMode: false, media: 'remove', mask }).properties['app.note'];
}

const MESSAGE = { role: 'user', content: 'secret' };

describe('custom values in privacy mode', () => {
  it.each<[what: string, value: unknown, left: unknown]>([
    ['plain text', 'pro', 'pro'],
    ['text with brackets', '[info] all is {well}', '[info] all is {well}'],
    ['JSON without content', '{"plan": "pro"}', '{"plan": "pro"}'],
    ['content in JSON', '{"plan":"pro","prompt":"secret"}', '{"plan":"pro"}'],
    ['content in JSON in JSON', json({ a: json({ 'input.value': 'secret', b: 1 }) }), json({ a: '{"b":1}' })],
    ['JSON in a list', ['{"messages":["secret"],"n":1}', 'pro'], ['{"n":1}', 'pro']],
    ['JSON in an object', { a: '{"output":"secret","n":1}' }, { a: '{"n":1}' }],
    ['JSON with spaces before', ' \n {"prompt":"secret","n":1}', '{"n":1}'],
    ['headers in JSON', '{"headers":{"cookie":"secret"}}', '{}'],
    ['JSON that was cut off', '{"plan":"pro","prompt":"secr', undefined],
    ['a JSON list that was cut off', '[{"plan":"pro","prompt":"secr', undefined],
    ['a message', MESSAGE, undefined],
    ['a message as JSON', json(MESSAGE), undefined],
    ['messages', [MESSAGE, 'pro', { role: 'model', parts: [{ text: 'secret' }] }], ['pro']],
    ['a conversation by any name', { talk: [MESSAGE], plan: 'pro' }, { talk: [], plan: 'pro' }],
    ['someone with a role', { role: 'admin', since: 'May' }, { role: 'admin', since: 'May' }],
    ['words for content', { text: 'secret', answer: 'secret', history: 3 }, { history: 3 }],
    ['a role without content', { role: 'user', since: 2020 }, { role: 'user', since: 2020 }],
    ['an empty place in a list', [undefined, MESSAGE], [undefined]],
  ])('%s', (_what, value, left) => {
    expect(inPrivacyMode(value)).toEqual(left);
  });

  it('says of each what was taken out', () => {
    const seen: string[] = [];
    const event = eventWith({ note: { log: [MESSAGE], notes: '{"prompt":"secret"}' } });
    applyPrivacy(event, undefined, { privacyMode: true, media: 'remove' }, (property, action) =>
      seen.push(`${property}: ${action}`),
    );
    expect(seen).toEqual(['note.log: removed', 'note.notes.prompt: removed']);
  });

  it('goes no deeper than it can check', () => {
    let deep: unknown = { prompt: 'secret' };
    for (let level = 0; level < 30; level++) deep = { a: deep };
    expect(json(inPrivacyMode(deep))).not.toContain('secret');
    let nested: unknown = '{"prompt":"secret"}';
    for (let level = 0; level < 10; level++) nested = json({ a: nested });
    expect(json(inPrivacyMode(nested))).not.toContain('secret');
  });

  it('takes time in proportion to the length of JSON', () => {
    const work = (length: number) => {
      const long = json(Array.from({ length }, (_, index) => ({ index, text: '[{' })));
      expect(inPrivacyMode('['.repeat(length))).toBe('['.repeat(length));
      expect(inPrivacyMode(`{${' '.repeat(length)}`)).toBeDefined();
      expect(inPrivacyMode(long)).toBeDefined();
    };
    expect(isLinear(work, 15_000)).toBe(true);
  });
});

describe('custom values by default', () => {
  it.each<[what: string, value: unknown, left: unknown]>([
    ['plain text', 'pro', 'pro'],
    ['JSON without content', '{"plan": "pro"}', '{"plan": "pro"}'],
    ['content in JSON', '{"plan":"pro","prompt":"secret"}', '{"plan":"pro","prompt":"SECRET"}'],
    ['headers in JSON', '{"headers":{"cookie":"secret"},"plan":"pro"}', '{"plan":"pro"}'],
    ['JSON that was cut off', '{"plan":"pro","prompt":"secr', '{"plan":"pro","prompt":"secr'],
    ['a message', MESSAGE, { role: 'user', content: 'SECRET' }],
    ['a message as JSON', json(MESSAGE), '{"role":"user","content":"SECRET"}'],
  ])('%s', (_what, value, left) => {
    expect(byDefault(value)).toEqual(left);
  });
});
