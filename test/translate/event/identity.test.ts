import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventOf } from '../../support/events.ts';
import { END_MS, START_MS } from '../../support/spans.ts';

const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };

describe('uuid', () => {
  it('is a version 7 UUID with the time of the span end', () => {
    const { uuid } = eventOf({ attributes: CHAT });
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(END_MS);
  });

  it('follows from trace, span and event name, and from nothing else', () => {
    const uuid = (parts: Parameters<typeof eventOf>[0]) => eventOf({ attributes: CHAT, ...parts }).uuid;
    expect(uuid({ attributes: { ...CHAT, 'gen_ai.usage.input_tokens': 1 } })).toBe(uuid({}));
    const others = [
      { traceId: '1'.repeat(32) },
      { spanId: '2'.repeat(16) },
      { attributes: { 'gen_ai.operation.name': 'embeddings' } },
      { endTimeMs: END_MS + 1 },
    ];
    expect(new Set([{}, ...others].map(uuid)).size).toBe(5);
  });

  it('is the same for any span read twice', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 4e12 }), (spanId, endTimeMs) => {
        const parts = { attributes: CHAT, spanId, endTimeMs };
        expect(JSON.stringify(eventOf(parts))).toBe(JSON.stringify(eventOf(parts)));
      }),
    );
  });
});

describe('time', () => {
  it.each([
    ['end of the span', {}, new Date(END_MS).toISOString(), 1.5],
    ['start when there is no end', { endTimeMs: undefined }, new Date(START_MS).toISOString(), undefined],
    ['a clock that ran backwards', { startTimeMs: END_MS + 5 }, new Date(END_MS).toISOString(), undefined],
    ['no clock at all', { startTimeMs: undefined, endTimeMs: undefined }, undefined, undefined],
    ['no time spent', { startTimeMs: END_MS }, new Date(END_MS).toISOString(), 0],
    ['fractions of a millisecond', { endTimeMs: START_MS + 0.25 }, new Date(START_MS).toISOString(), 0.00025],
  ])('%s', (_case, parts, timestamp, latency) => {
    const event = eventOf({ attributes: CHAT, ...parts });
    expect([event.timestamp, event.properties.$ai_latency]).toEqual([timestamp, latency]);
  });
});

describe('distinct id', () => {
  const id = (attributes: Record<string, unknown>, fallbackDistinctId?: string) =>
    eventOf({ attributes: { ...CHAT, ...attributes } }, { fallbackDistinctId });

  it.each([
    ['the user', { 'user.id': 'u1' }, undefined, 'u1'],
    ["PostHog's own attribute first", { 'user.id': 'u1', 'posthog.distinct_id': 'p1' }, undefined, 'p1'],
    ['trace attributes before all', { 'trace.user': 't1', 'posthog.distinct_id': 'p1' }, undefined, 't1'],
    ['a number', { 'user.id': 42 }, undefined, '42'],
    ['the fallback', {}, 'batch-job', 'batch-job'],
    ['NUL replaced', { 'user.id': 'a\0b' }, undefined, 'a\uFFFDb'],
    ['200 characters at most', { 'user.id': 'x'.repeat(300) }, undefined, 'x'.repeat(200)],
  ])('is %s', (_case, attributes, fallback, expected) => {
    const event = id(attributes, fallback);
    expect(event.distinct_id).toBe(expected);
    expect(event.properties).not.toHaveProperty('$process_person_profile');
  });

  it.each(['anonymous', 'NULL', ' undefined ', '0', '[object Object]', '', '   '])('is never %j', (user) => {
    const event = id({ 'user.id': user });
    expect(event.distinct_id).toMatch(/^anon_[0-9a-f]{32}$/);
    expect(event.properties.$process_person_profile).toBe(false);
  });

  it('is one anonymous id for a session, and another for each trace without session', () => {
    const anonymous = (traceId: string, session?: string) =>
      eventOf({ traceId, attributes: { ...CHAT, ...(session ? { 'session.id': session } : {}) } })
        .distinct_id;
    expect(anonymous('a'.repeat(32), 's')).toBe(anonymous('b'.repeat(32), 's'));
    expect(anonymous('a'.repeat(32))).not.toBe(anonymous('b'.repeat(32)));
    const expected = createHash('sha256').update('session:s').digest('hex').slice(0, 32);
    expect(anonymous('a'.repeat(32), 's')).toBe(`anon_${expected}`);
  });
});
