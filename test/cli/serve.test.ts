import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { cli, configHome, KEY } from './run-cli.ts';

const check = async (env: Record<string, string>, ...more: string[]) => {
  const posthog = await loopbackOfTest({ knownKeys: [KEY] });
  return cli(['serve', '--check', ...more], { env: { POSTHOG_HOST: posthog.url, ...env } });
};

describe('serve --check without a file', () => {
  it('tests the destination of the environment', async () => {
    expect(await check({ POSTHOG_API_KEY: KEY })).toEqual({ code: 0, out: 'default: ok\n', err: '' });
  });

  it('says that the key is wrong', async () => {
    const { code, out } = await check({ POSTHOG_API_KEY: `phc_${'0'.repeat(40)}` });
    expect(code).toBe(1);
    expect(out).toContain('default: refused.');
  });

  it('says what is missing, and that a file is another way', async () => {
    const { code, err } = await check({});
    expect(code).toBe(1);
    expect(err).toContain('POSTHOG_API_KEY');
    expect(err).toContain('docs/gateway.md');
    expect(err).not.toContain('undefined');
  });

  it('takes the file that POSTHOG_LLM_CONFIG names before the environment', async () => {
    const posthog = await loopbackOfTest({ knownKeys: [KEY] });
    const file = join(configHome, 'gateway.json');
    const destinations = [{ name: 'product', apiKey: KEY, endpoint: posthog.url }];
    writeFileSync(file, JSON.stringify({ destinations }), { mode: 0o600 });
    const { code, out } = await check({ POSTHOG_LLM_CONFIG: file });
    expect({ code, out }).toEqual({ code: 0, out: 'product: ok\n' });
  });
});
