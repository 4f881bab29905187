#!/usr/bin/env node
/**
 * A gateway with a budget of 64 MiB and a disk, while PostHog is away all the time: how much memory it takes, minute by minute,
 * and whether its figures add up. Fails above 350 MB.
 *
 *   node scripts/interop/check-memory.mjs [--minutes 10] [--spans-per-second 200]
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTable } from './lib/create-table.mjs';
import { withGateway } from './lib/gateway.mjs';
import { otlpCall, otlpRequest } from './lib/otlp-call.mjs';
import { sleep, stopAll } from './lib/processes.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'spans-per-second': { type: 'string', default: '200' },
    help: { type: 'boolean' },
  },
});
const MAX_RSS_MB = 350;
const PER_REQUEST = 20;
/** In the form that has to be put together. */
const CONTENT = {
  'gen_ai.prompt.0.role': 'user',
  'gen_ai.prompt.0.content': 'a question and its context, '.repeat(120),
};
const settings = (folder) => ({
  acknowledge: 'stored',
  spool: { directory: join(folder, 'spool'), maxBytes: 8 * 1024 ** 3 },
  limits: { maxInFlightBytes: 64 * 1024 * 1024 },
});

function bodyOf() {
  const hex = (bytes) => randomBytes(bytes).toString('hex');
  return otlpRequest(Array.from({ length: PER_REQUEST }, () => otlpCall(hex(16), hex(8), CONTENT)));
}

const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const figure = (text, pattern) =>
  [...text.matchAll(new RegExp(`^${pattern}.* ([0-9.e+]+)$`, 'gm'))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );

async function follow({ posthog, gateway }) {
  posthog.state.isDown = true;
  let [accepted, refused, peak] = [0, 0, 0];
  let isOver = false;
  const url = `http://127.0.0.1:${gateway.ports.http}/v1/traces`;
  const pauseMs = (1_000 * PER_REQUEST * 4) / Number(values['spans-per-second']);
  const senders = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const startedMs = performance.now();
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: bodyOf() }).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => {});
      if (answer?.ok) accepted += PER_REQUEST;
      else refused += PER_REQUEST;
      await sleep(Math.max(0, pauseMs - (performance.now() - startedMs)));
    }
  });
  const print = createTable();
  const minutes = Number(values.minutes);
  for (let tick = 1; tick <= minutes * 6; tick += 1) {
    await sleep(10_000);
    peak = Math.max(peak, rssMb(gateway.pid));
    if (tick % 6 !== 0 && tick < minutes * 6) continue;
    const disk = figure(await gateway.metrics(), 'posthog_gateway_spool_bytes') / 1e6;
    print({
      minute: (tick / 6).toFixed(1),
      'RSS MB': peak.toFixed(0),
      'spans answered OK': accepted,
      refused,
      'on disk MB': disk.toFixed(0),
    });
  }
  isOver = true;
  await Promise.all(senders);
  await sleep(2_000);
  const text = await gateway.metrics();
  const given = figure(text, 'posthog_gateway_receiver_spans_total\\{.*outcome="accepted"');
  const fates = figure(text, 'posthog_gateway_events_total') + figure(text, 'posthog_gateway_events_waiting');
  console.log(`given ${given} = delivered, left out, dropped or waiting ${fates}`);
  console.log(`largest RSS ${peak.toFixed(0)} MB of ${MAX_RSS_MB} MB`);
  if (peak > MAX_RSS_MB || given !== fates) process.exitCode = 1;
}

if (values.help) console.log('node scripts/interop/check-memory.mjs [--minutes 10] [--spans-per-second 200]');
else if (process.platform !== 'linux')
  console.log('check:memory: skipped, it reads /proc, which is on Linux only.');
else await withGateway(follow, { settings: settings, endSignal: 'SIGKILL' }).finally(stopAll);
