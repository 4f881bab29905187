import { describe, expect, it } from 'vitest';
import { checkEndpoint, regionOf, traceUrlOf } from '../../src/config/endpoint.ts';

describe('checkEndpoint', () => {
  it.each([
    ['us', 'https://us.i.posthog.com'],
    [' EU ', 'https://eu.i.posthog.com'],
    ['https://us.i.posthog.com/', 'https://us.i.posthog.com'],
    ['https://example.com/ingest/', 'https://example.com/ingest'],
    ['https://example.com/a/b//', 'https://example.com/a/b'],
    ['http://localhost:8000', 'http://localhost:8000'],
    ['HTTPS://Example.com:443', 'https://example.com'],
    ['http://[::1]:8010/x', 'http://[::1]:8010/x'],
  ])('reads %s', (raw, endpoint) => {
    expect(checkEndpoint(raw)).toEqual({ type: 'usable', endpoint, warnings: [] });
  });

  it.each([
    ['https://app.posthog.com', 'https://us.i.posthog.com'],
    ['https://us.posthog.com', 'https://us.i.posthog.com'],
    ['https://eu.posthog.com/', 'https://eu.i.posthog.com'],
  ])('warns of the web application %s and names %s', (raw, meant) => {
    const check = checkEndpoint(raw);
    expect(check.type === 'usable' && check.warnings.join()).toContain(meant);
  });

  it('warns of PostHog Cloud without encryption', () => {
    expect(checkEndpoint('http://eu.i.posthog.com')).toMatchObject({
      type: 'usable',
      warnings: [expect.stringContaining('not encrypted')],
    });
  });

  it.each([
    ['', 'neither'],
    ['eu.i.posthog.com', 'https://'],
    ['localhost:8000', 'https://'],
    ['ftp://example.com', 'ftp:'],
    ['https://', 'not a valid URL'],
    ['https://exa mple.com', 'not a valid URL'],
    ['https://name:hunter2@example.com', 'user name or password'],
    ['https://example.com/?token=hunter2', 'query'],
    ['https://example.com/?', 'query'],
    ['https://example.com/#hunter2', 'fragment'],
    ['https://us.i.posthog.com/batch/', '/batch'],
    ['https://example.com/ingest/i/v0/ai/batch/', '/i/v0/ai/batch'],
    [42, 'number'],
    [null, 'null'],
  ])('refuses %s', (raw, words) => {
    const check = checkEndpoint(raw);
    expect(check).toMatchObject({ type: 'unusable', finding: { code: 'endpoint-invalid' } });
    expect(JSON.stringify(check)).toContain(words);
    expect(JSON.stringify(check)).not.toContain('hunter2');
  });
});

describe('regions', () => {
  it.each([
    ['https://us.i.posthog.com', 'us', 'https://us.posthog.com'],
    ['https://eu.i.posthog.com', 'eu', 'https://eu.posthog.com'],
    ['https://eu.posthog.com', 'eu', 'https://eu.posthog.com'],
    ['https://app.posthog.com', 'us', 'https://us.posthog.com'],
    ['https://posthog.example.com/ingest', undefined, undefined],
    ['http://us.i.posthog.com.example.com', undefined, undefined],
  ])('of %s is %s, to be looked at on %s', (endpoint, region, app) => {
    expect(regionOf(endpoint)?.name).toBe(region);
    expect(traceUrlOf('a/b', endpoint, undefined)).toBe(app && `${app}/ai-observability/traces/a%2Fb`);
  });
});
