import { describe, expect, it } from 'vitest';
import { decidePrivacy } from '../../../src/translate/privacy/decide-privacy.ts';
import { callWith } from './support/calls.ts';

const asked = callWith({ privacyRequested: true, model: 'm' });
const open = callWith({ privacyRequested: false, model: 'm' });

type Option = Parameters<typeof decidePrivacy>[1];

describe('decidePrivacy', () => {
  it.each<[string, Option, boolean]>([
    ['nothing', undefined, false],
    ['false', false, false],
    ['true', true, true],
    ['a function that says no', () => false, false],
    ['a function that says yes', () => true, true],
    ['a function of the model', (call) => call.model === 'm', true],
    [
      'a function that throws',
      () => {
        throw new Error('no');
      },
      true,
    ],
    ['a function that says nothing', () => undefined, true],
    ['a function that says 0', () => 0, true],
    ['an async function', async () => false, true],
    ['an async function that fails', async () => Promise.reject(new Error('no')), true],
    ['a word', 'false' as never, true],
  ])('%s', async (_name, option, isPrivate) => {
    expect(decidePrivacy(open, option)).toBe(isPrivate);
    expect(decidePrivacy(asked, option)).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('takes an unclear wish of the span for a yes', () => {
    expect(decidePrivacy(callWith({ privacyRequested: undefined as never }), false)).toBe(true);
  });
});
