import { loopbackOfTest } from './loopback-of-test.ts';
import type { LoopbackPostHog, RecordedRequest, Scripted } from './loopback-posthog.ts';

export interface ChaosPostHog {
  readonly posthog: LoopbackPostHog;
  /** Everything PostHog has, by `uuid`: what it accepted, also when nobody heard of it. */
  stored(): ReadonlyMap<string, Record<string, unknown>>;
  /** Every form that the envelope with a `uuid` was sent in; more than one makes two events of one span. */
  envelopes(): ReadonlyMap<string, ReadonlySet<string>>;
  /** From now on it does what PostHog does. */
  calmDown(): void;
}

/** A PostHog that misbehaves in `share` of its answers, in every way that is known of servers and proxies. */
export async function startChaosPostHog(random: () => number, share: number): Promise<ChaosPostHog> {
  const unheard: Record<string, unknown>[] = [];
  let isCalm = false;
  const respond = (request: RecordedRequest): Scripted | undefined => {
    if (isCalm || random() >= share) return undefined;
    const trouble = TROUBLES[Math.floor(random() * TROUBLES.length)];
    // Taken, but the answer gets lost.
    if (trouble?.isStored) unheard.push(...request.events);
    return trouble?.scripted;
  };
  const posthog = await loopbackOfTest({ respond });
  return {
    posthog,
    stored: () => new Map([...posthog.events, ...unheard].map((event) => [String(event['uuid']), event])),
    envelopes: () => {
      const forms = new Map<string, Set<string>>();
      for (const event of posthog.requests.flatMap(({ events }) => events)) {
        const known = forms.get(String(event['uuid'])) ?? new Set();
        const { properties: _, ...envelope } = event;
        forms.set(String(event['uuid']), known.add(JSON.stringify(envelope)));
      }
      return forms;
    },
    calmDown: () => {
      isCalm = true;
    },
  };
}

const answer = (status: number, body = '', headers: Record<string, string> = {}): Scripted => ({
  do: 'answer',
  status,
  body,
  headers,
});

const TROUBLES: readonly { readonly scripted: Scripted; readonly isStored?: boolean }[] = [
  { scripted: answer(408) },
  { scripted: answer(413, 'payload too large') },
  { scripted: answer(429, 'slow down', { 'retry-after': '1' }) },
  { scripted: answer(429, '', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }) },
  { scripted: answer(500, 'oops') },
  { scripted: answer(502, '<html>bad gateway</html>', { 'content-type': 'text/html' }) },
  { scripted: answer(503, '', { 'retry-after': '2' }) },
  { scripted: answer(504) },
  { scripted: { do: 'reset', when: 'before-answer' } },
  { scripted: { do: 'reset', when: 'before-answer' }, isStored: true },
  { scripted: { do: 'reset', when: 'mid-answer' }, isStored: true },
  { scripted: { do: 'stall' } },
  { scripted: { do: 'stall-body' }, isStored: true },
  { scripted: { do: 'delay', ms: 40 } },
  { scripted: { do: 'truncate' } },
  { scripted: { do: 'truncate' }, isStored: true },
  // Lies: a page that says all is well, a route that is there after all, a refusal of what is in order.
  { scripted: answer(200, '<html>welcome to the hotel network</html>', { 'content-type': 'text/html' }) },
  { scripted: answer(200, 'welcome') },
  { scripted: answer(404) },
  { scripted: answer(400, 'request holds no event') },
  { scripted: answer(503, '', { 'retry-after': '99999999' }) },
];
