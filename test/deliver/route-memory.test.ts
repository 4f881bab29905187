import { expect, it } from 'vitest';
import { createRouteMemory } from '../../src/deliver/route-memory.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const HOUR_MS = 3_600_000;
const KIB = 1024;

function start() {
  const clock = createVirtualClock();
  const memory = createRouteMemory(5000 * KIB, clock);
  return { clock, memory, order: () => memory.routes().map(({ name }) => name) };
}

it('tries the AI route first', () => {
  expect(start().order()).toEqual(['ai', 'capture']);
});

it('puts a missing AI route last, for an hour', () => {
  const { clock, memory, order } = start();
  memory.reportMissing('ai');
  clock.advance(HOUR_MS - 1);
  expect(order()).toEqual(['capture', 'ai']);
  clock.advance(1);
  expect(order()).toEqual(['ai', 'capture']);
});

it('forgets what it knew when the fallback is missing', () => {
  const { memory, order } = start();
  memory.reportMissing('ai');
  memory.reportMissing('capture');
  expect(order()).toEqual(['ai', 'capture']);
});

it('aims for the smallest body limit it learnt, for an hour', () => {
  const { clock, memory } = start();
  expect(memory.maxBatchBytes()).toBe(5000 * KIB);
  memory.reportBodyLimit(500 * KIB);
  memory.reportBodyLimit(1000 * KIB);
  expect(memory.maxBatchBytes()).toBe(500 * KIB);
  clock.advance(HOUR_MS);
  expect(memory.maxBatchBytes()).toBe(5000 * KIB);
});

it('does not aim for bodies of single events', () => {
  const { memory } = start();
  memory.reportBodyLimit(100);
  expect(memory.maxBatchBytes()).toBe(64 * KIB);
});
