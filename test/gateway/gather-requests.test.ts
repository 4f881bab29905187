import { expect, it, vi } from 'vitest';
import { gatherRequests } from '../../src/gateway/lanes/gather-requests.ts';
import type { LaneTaking } from '../../src/gateway/lanes/lane-taking.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import { span } from '../support/spans.ts';

const fine: LaneTaking = { stored: Promise.resolve('fine'), done: Promise.resolve('fine') };

it('requests that come together are handed over together, in order, and learn of their end', async () => {
  const taken: (readonly SpanView[])[] = [];
  const requests = gatherRequests((spans) => {
    taken.push(spans);
    return fine;
  });
  const names = ['one', 'two', 'three'];
  const takings = names.map((name) => requests.add([span({ name })]));
  expect(taken).toEqual([]);
  expect(await Promise.all(takings.map(({ done }) => done))).toEqual(['fine', 'fine', 'fine']);
  expect(taken.map((spans) => spans.map(({ name }) => name))).toEqual([names]);
});

it('a large request does not wait, and takes with it what waits', () => {
  const take = vi.fn(() => fine);
  const requests = gatherRequests(take);
  requests.add([span({ name: 'small' })]);
  requests.add([span({ attributes: { 'gen_ai.prompt': 'x'.repeat(600_000) } })]);
  expect(take).toHaveBeenCalledTimes(1);
  requests.flush();
  expect(take).toHaveBeenCalledTimes(1);
});

it('what waits is handed over at the end', () => {
  const take = vi.fn(() => fine);
  const requests = gatherRequests(take);
  requests.add([span()]);
  requests.flush();
  expect(take).toHaveBeenCalledTimes(1);
});
