import { describe, expect, it } from 'vitest';
import { withoutUrlCredentials, withoutUrlQuery } from '../../../src/translate/privacy/url-credentials.ts';
import { isLinear } from '../../support/linear-time.ts';

describe('withoutUrlCredentials', () => {
  it.each([
    ['https://user:pass@x.example/a', 'https://x.example/a'],
    ['https://user@x.example', 'https://x.example'],
    ['https://a:b@c:d@x.example/', 'https://x.example/'],
    ['https://user:p@ss@x.example?q=1', 'https://x.example?q=1'],
    ['gs://key@bucket/a', 'gs://bucket/a'],
    [
      'https://x.example/?X-Amz-Signature=a&X-Amz-Date=b',
      'https://x.example/?X-Amz-Signature=removed&X-Amz-Date=b',
    ],
    ['https://x.example/?X-Amz-Credential=a%2Fb&w=1', 'https://x.example/?X-Amz-Credential=removed&w=1'],
    ['https://x.example/?X-Amz-Security-Token=a', 'https://x.example/?X-Amz-Security-Token=removed'],
    [
      'https://x.example/?AWSAccessKeyId=a&Signature=b&Expires=1',
      'https://x.example/?AWSAccessKeyId=removed&Signature=removed&Expires=1',
    ],
    [
      'https://x.example/?GoogleAccessId=a&X-Goog-Signature=b',
      'https://x.example/?GoogleAccessId=removed&X-Goog-Signature=removed',
    ],
    ['https://x.example/?sv=1&sig=a%3D', 'https://x.example/?sv=1&sig=removed'],
    ['https://x.example/?key=a#access_token=b', 'https://x.example/?key=removed#access_token=removed'],
    ['https://x.example/?Key-Pair-Id=a&Policy=b', 'https://x.example/?Key-Pair-Id=removed&Policy=removed'],
    ['https://x.example/?api_key=a;api-key=b', 'https://x.example/?api_key=removed;api-key=removed'],
    ['token=a&n=1', 'token=removed&n=1'],
  ])('%s', (url, cleaned) => {
    expect(withoutUrlCredentials(url)).toBe(cleaned);
  });

  it.each([
    'https://x.example/a/b?w=100&keyword=cat&tokens=3',
    'https://x.example/@user/post',
    'https://x.example/?mail=a@b.example',
    'https://x.example/a#section@2',
    'x.example:443',
    'not a url',
    '',
  ])('leaves alone: %s', (url) => {
    expect(withoutUrlCredentials(url)).toBe(url);
  });

  it.each(['?a=', '&token=', '@', '://', '?', 'a', '#token=a'])('is linear on 1 MB of %j', (pattern) => {
    const work = (bytes: number) => {
      const url = `https://${pattern.repeat(bytes / pattern.length)}`;
      return [withoutUrlCredentials(url), withoutUrlQuery(url)];
    };
    expect(isLinear(work, 250_000)).toBe(true);
  });
});

describe('withoutUrlQuery', () => {
  it.each([
    ['https://u:p@api.example.com:8443/v1?key=a#b', 'https://api.example.com:8443/v1'],
    ['https://api.example.com/v1#a?b', 'https://api.example.com/v1'],
    ['api.example.com:443', 'api.example.com:443'],
    ['user:pass@api.example.com', 'api.example.com'],
    ['https://api.example.com', 'https://api.example.com'],
    ['https://h.example/a\nb?c', 'https://h.example/a\nb'],
  ])('%s', (url, cleaned) => {
    expect(withoutUrlQuery(url)).toBe(cleaned);
  });
});
