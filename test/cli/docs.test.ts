import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli } from './run-cli.ts';

describe('docs', () => {
  it('lists every page with its title', async () => {
    const { code, out } = await cli(['docs']);
    expect(code).toBe(0);
    for (const name of readdirSync('docs').filter((file) => file.endsWith('.md'))) {
      expect(out).toContain(`  ${name.replace('.md', '')} `);
    }
    expect(out).toMatch(/configuration +Configuration/);
  });

  it.each([
    ['configuration', '# Configuration'],
    ['config', '# Configuration'],
    ['privacy.md', '# Privacy'],
    ['README', '# posthog-llm-exporter'],
  ])('prints the page %s', async (topic, title) => {
    const { code, out } = await cli(['docs', topic]);
    expect(code).toBe(0);
    expect(out).toContain(title);
  });

  it('says what there is when a topic is unknown or not clear', async () => {
    expect(await cli(['docs', 'shoes'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/no page "shoes"[\s\S]*privacy/),
    });
    expect(await cli(['docs', 'from'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/"from" may be any[\s\S]*from-posthog-ai/),
    });
  });
});
