import { describe, expect, it } from 'vitest';
import { type Answer, classifyResponse } from '../../src/deliver/classify-response.ts';

const HTML = '<!doctype html><title>Sign in</title>';

function classify(status: number, text = '', contentType?: string, complete = true) {
  const answer: Answer = { status, text, contentType, complete, retryAfterMs: undefined };
  const outcome = classifyResponse(answer);
  return 'reason' in outcome ? `${outcome.type} ${outcome.reason}` : outcome.type;
}

describe('classifyResponse', () => {
  it.each([
    [200, '{"status":"Ok"}', 'delivered'],
    [200, '{"status":1}', 'delivered'],
    [200, '1', 'delivered'],
    [200, '', 'delivered'],
    [204, '', 'delivered'],
    [200, 'Welcome to nginx', 'route-missing'],
    [200, '{"status":', 'route-missing'],
    [301, '', 'route-missing'],
    [302, '', 'route-missing'],
    [304, '', 'route-missing'],
    [307, '{"status":"Ok"}', 'route-missing'],
    [308, '', 'route-missing'],
    [400, 'missing distinct_id', 'refused bad-request'],
    [401, 'API key is invalid', 'refused unauthorized'],
    [402, '', 'refused forbidden'],
    [403, 'forbidden', 'refused forbidden'],
    [407, '', 'refused forbidden'],
    [421, '', 'refused forbidden'],
    [425, '', 'refused forbidden'],
    [200, 'OK', 'delivered'],
    [404, '', 'route-missing'],
    [405, '', 'route-missing'],
    [408, '', 'retry server-error'],
    [409, '', 'refused bad-request'],
    [413, 'too large', 'too-large'],
    [415, '', 'refused bad-request'],
    [429, '', 'retry rate-limited'],
    [500, '', 'retry server-error'],
    [501, '', 'refused server-error'],
    [502, '', 'retry server-error'],
    [503, '', 'retry server-error'],
    [504, '', 'retry server-error'],
    [505, '', 'refused server-error'],
    [520, '', 'retry server-error'],
    [529, '', 'retry server-error'],
  ])('%i %j is %s', (status, text, expected) => {
    expect(classify(status, text)).toBe(expected);
  });

  it.each([
    [200, 'route-missing'],
    [201, 'route-missing'],
    [302, 'route-missing'],
    [400, 'route-missing'],
    [403, 'route-missing'],
    [404, 'route-missing'],
    [422, 'route-missing'],
    // Any server in between words these as a page; they mean the same nevertheless.
    [401, 'refused unauthorized'],
    [408, 'retry server-error'],
    [413, 'too-large'],
    [429, 'retry rate-limited'],
    [502, 'retry server-error'],
    [503, 'retry server-error'],
  ])('%i with a web page is %s', (status, expected) => {
    expect(classify(status, HTML, 'text/html; charset=utf-8')).toBe(expected);
    expect(classify(status, ` \n${HTML}`, 'text/plain')).toBe(expected);
    expect(classify(status, ` \n${HTML}`)).toBe(expected);
    expect(classify(status, '{"status":"Ok"}', 'TEXT/HTML')).toBe(expected);
  });

  it('takes a long JSON answer that was not read to its end', () => {
    expect(classify(200, '{"status":"Ok","padding":"xxx', 'application/json', false)).toBe('delivered');
  });

  it('carries the wait the server asks for', () => {
    const answer = { text: '', contentType: undefined, complete: true, retryAfterMs: 7000 };
    expect(classifyResponse({ ...answer, status: 503 })).toMatchObject({ type: 'retry', retryAfterMs: 7000 });
    expect(classifyResponse({ ...answer, status: 429 })).toMatchObject({ type: 'retry', retryAfterMs: 7000 });
  });

  it('tells a key that PostHog does not know from a login of a proxy', () => {
    const answer = { status: 401, contentType: undefined, complete: true, retryAfterMs: undefined };
    expect(classifyResponse({ ...answer, text: 'API key is invalid or expired' })).toMatchObject({
      message: 'status 401: PostHog does not know this key',
    });
    expect(classifyResponse({ ...answer, text: HTML })).toMatchObject({
      message: 'status 401: a proxy before PostHog asks for credentials',
    });
  });

  it('repeats known words of an answer but never its text', () => {
    const text = 'missing distinct_id near "my secret prompt", API KEY phc_secret';
    const outcome = classifyResponse({
      status: 400,
      text,
      contentType: undefined,
      complete: true,
      retryAfterMs: undefined,
    });
    expect(outcome).toMatchObject({
      message: 'status 400: the request was refused (the answer mentions: API key, distinct_id)',
    });
  });
});
