import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { cli, KEY } from './run-cli.ts';

/** A folder without an application: the demo makes the calls itself. */
let nowhere: string;
beforeAll(async () => {
  nowhere = await mkdtemp(join(tmpdir(), 'demo-'));
});
afterAll(() => rm(nowhere, { recursive: true }));

describe('demo', () => {
  it('shows as a tree what PostHog gets, with nothing but this package', async () => {
    const { code, out, err } = await cli(['demo', nowhere]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out
      .split('\n')
      .map((line) => line.replace(/\d+ → \d+ tokens/, 'TOKENS').replace(/\d\.\d\d s/, 'TIME'));
    expect(lines.filter((line) => /[├└]─/.test(line))).toEqual([
      expect.stringMatching(/^└─ \$ai_(trace|span) {2}.*TIME/),
      '   ├─ $ai_generation  gpt-4o-mini-2024-07-18  TOKENS  TIME  tool_calls',
      expect.stringMatching(/^ {3}├─ \$ai_span {2}.*check_stock {2}TIME/),
      '   └─ $ai_generation  gpt-4o-mini-2024-07-18  TOKENS  TIME  stop',
      expect.stringMatching(/^└─ \$ai_generation {2}gpt-4o-busy {2}TIME {2}ERROR/),
    ]);
    expect(out).toContain('Product question  (user user_12345, session session_abc, $ai_trace_id ');
    expect(out).toContain('out The Ridge rain jacket');
  });

  it('shows what privacy mode leaves', async () => {
    const { code, out } = await cli(['demo', nowhere, '--privacy-mode']);
    expect(code).toBe(0);
    expect(out).not.toMatch(/Ridge rain jacket|for cycling/);
  });

  it('prints the events in full', async () => {
    const { out } = await cli(['demo', nowhere, '--json']);
    const events = JSON.parse(out) as { event: string }[];
    expect(events.filter(({ event }) => event === '$ai_generation')).toHaveLength(3);
  });

  it('sends them to the project when asked to', async () => {
    const posthog = await loopbackOfTest({ knownKeys: [KEY] });
    const folder = await mkdtemp(join(tmpdir(), 'demo-'));
    const file = join(folder, 'posthog.yaml');
    await writeFile(file, 'uiHost: https://ph.example\n');
    const flags = ['--api-key', KEY, '--endpoint', posthog.url, '--file', file];
    const { code, out, err } = await cli(['demo', '--send', ...flags]);
    await rm(folder, { recursive: true });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { properties } of posthog.events as unknown as { properties: { $ai_trace_id: string } }[])
      expect(out).toContain(`https://ph.example/ai-observability/traces/${properties.$ai_trace_id}`);
    expect(posthog.events.length).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['a client that is not there', ['--client', 'openai'], 1, 'openai >=4 must be installed'],
    [
      'one that needs another package',
      ['--client', 'ai'],
      1,
      'and @ai-sdk/openai or @ai-sdk/anthropic must be',
    ],
    ['one that is unknown', ['--client', 'cohere'], 2, 'Allowed choices are openai, anthropic, ai, none'],
    ['a client together with --send', ['--client', 'openai', '--send'], 2, 'cannot be used with'],
  ])('refuses %s', async (_, flags, expected, reason) => {
    const { code, out, err } = await cli(['demo', nowhere, ...flags]);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(reason);
  });

  it('sends nothing with a key that PostHog does not know', async () => {
    const posthog = await loopbackOfTest({ knownKeys: ['phc_another'] });
    const { code, err } = await cli(['demo', '--send', '--api-key', KEY, '--endpoint', posthog.url]);
    expect(code).toBe(1);
    expect(err).toContain('Nothing was sent.');
    expect(posthog.events).toEqual([]);
  });
});
