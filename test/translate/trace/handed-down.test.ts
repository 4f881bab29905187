import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../support/batch.ts';
import type { SpanParts } from '../../support/spans.ts';

const CALL = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' };
const STATED = {
  'user.id': 'user-123',
  'session.id': 'session-abc',
  $groups: '{"company":"acme"}',
  'trace.trace_name': 'checkout',
};
const WANTED = {
  person: 'user-123',
  $ai_session_id: 'session-abc',
  $groups: { company: 'acme' },
  trace_name: 'checkout',
};

const root = (attributes: Record<string, unknown>): SpanParts => ({ spanId: 'root', attributes });
const middle = (attributes: Record<string, unknown> = {}): SpanParts => ({
  ...{ spanId: 'middle', parentSpanId: 'root', attributes },
});
const call = (attributes: Record<string, unknown> = {}): SpanParts => ({
  ...{ parentSpanId: 'middle', attributes: { ...CALL, ...attributes } },
});

const callIn = (...batches: readonly (readonly SpanParts[])[]) =>
  eventsOf(...batches).find(({ event }) => event === '$ai_generation');

describe('user, session, groups and trace name of a span reach the calls below it', () => {
  it.each<[string, readonly (readonly SpanParts[])[]]>([
    ['in one batch, through a span that is not sent', [[call(), middle(), root({ ...AGENT, ...STATED })]]],
    ['from a span that is not sent itself', [[call(), middle(), root(STATED)]]],
    ['from an earlier batch', [[root({ ...AGENT, ...STATED }), middle()], [call()]]],
    ['from an agent in between', [[call(), middle({ ...AGENT, ...STATED }), root({})]]],
  ])('%s', (_how, batches) => {
    expect(callIn(...batches)).toMatchObject(WANTED);
  });

  it('the nearest first', () => {
    const near = { 'user.id': 'user-near', 'session.id': 'session-near' };
    expect(callIn([call(), middle({ ...AGENT, ...near }), root({ ...AGENT, ...STATED })])).toMatchObject({
      ...WANTED,
      person: 'user-near',
      $ai_session_id: 'session-near',
    });
  });

  it('and what a call states itself before that', () => {
    const own = { 'user.id': 'user-own', $groups: '{"company":"own"}' };
    expect(callIn([call(own), middle(), root({ ...AGENT, ...STATED })])).toMatchObject({
      ...WANTED,
      person: 'user-own',
      $groups: { company: 'own' },
    });
  });

  it('and what names nobody is passed over', () => {
    const nobody = { 'user.id': 'anonymous', 'session.id': '[Scrubbed due to session]' };
    expect(callIn([call(nobody), middle(), root({ ...AGENT, ...STATED })])).toMatchObject(WANTED);
  });
});

it('a trace whose own span names nobody stands on the person of its calls', () => {
  const [, trace] = eventsOf([call(STATED), middle(), root(AGENT)]);
  expect(trace).toMatchObject({ event: '$ai_trace', person: 'user-123', $ai_session_id: 'session-abc' });
});

it('calls of another trace have nothing of it', () => {
  const [other] = eventsOf([{ ...call(), traceId: 'another' }, middle(), root({ ...AGENT, ...STATED })]);
  expect(other?.['person']).toMatch(/^anon_/);
});
