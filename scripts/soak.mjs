#!/usr/bin/env node
// Runs the built package for a while against a stand-in for PostHog on loopback that is out of order in the middle, and
// prints what became of every span, how memory went, and how long the event loop was held.
//   npm run build && node scripts/soak.mjs [--minutes 10] [--spans-per-second 200] [--spool on-failure|always|none]
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';

if (isMainThread) await soak();
else serve();

/** In a thread of its own, so that its memory and its pauses are not the exporter's. */
function serve() {
  let isDown = false;
  const uuids = new Set();
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      // An outage is refusals and silence by turns.
      if (isDown && Math.random() < 0.5) return;
      if (isDown) return void response.writeHead(503).end();
      const bytes = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      for (const { uuid } of JSON.parse(body.toString('utf8')).batch) uuids.add(uuid);
      response.end('{"status":"Ok"}');
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));
  parentPort.on('message', (message) => {
    if (message === 'count') parentPort.postMessage({ stored: uuids.size });
    else isDown = message === 'down';
  });
}

async function soak() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      'spans-per-second': { type: 'string', default: '200' },
      spool: { type: 'string', default: 'on-failure' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(
      'node scripts/soak.mjs [--minutes 10] [--spans-per-second 200] [--spool on-failure|always|none]',
    );
    return;
  }
  const totalMs = Number(values.minutes) * 60_000;
  const perSecond = Number(values['spans-per-second']);
  if (!(totalMs > 0 && perSecond > 0))
    throw new Error('--minutes and --spans-per-second must be numbers above 0');
  const { BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base');
  const { PostHogLLMSpanProcessor } = await import('../dist/index.js');
  const worker = new Worker(new URL(import.meta.url));
  const { port } = await answerOf(worker);
  const directory = mkdtempSync(join(tmpdir(), 'posthog-llm-soak-'));
  const quiet = { error: console.error, warn() {}, info() {}, debug() {} };
  const processor = new PostHogLLMSpanProcessor({
    apiKey: 'phc_key_of_the_soak',
    endpoint: `http://127.0.0.1:${port}`,
    logger: quiet,
    ...(values.spool === 'none'
      ? {}
      : { spool: { directory: join(directory, 'spool'), mode: values.spool } }),
  });
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('soak');
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startMs = performance.now();
  const elapsed = () => performance.now() - startMs;
  let ended = 0;
  let phase = 'up';
  let nextRowMs = 0;
  console.log(
    '| minute | PostHog | ended | delivered | spooled | dropped | in flight | heap MiB | rss MiB | loop held ms |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  while (elapsed() < totalMs) {
    const now = elapsed() > totalMs / 3 && elapsed() < (2 * totalMs) / 3 ? 'down' : 'up';
    if (now !== phase) worker.postMessage(now);
    phase = now;
    while (ended < (elapsed() / 1_000) * perSecond) endSpan(tracer, ended++);
    if (elapsed() >= nextRowMs) {
      nextRowMs += totalMs / 20;
      row(phase);
      delay.reset();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await processor.forceFlush();
  for (let tries = 0; tries < 60 && processor.exporter.stats().spooled > 0; tries++) {
    await processor.forceFlush();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await processor.shutdown();
  row('end');
  worker.postMessage('count');
  const { stored } = await answerOf(worker);
  const { dropped } = processor.exporter.stats();
  console.log(
    `\n${ended} spans ended, ${stored} events stored by PostHog, ${dropped} dropped, ${ended - stored - dropped} unaccounted for`,
  );
  await worker.terminate();
  rmSync(directory, { recursive: true, force: true });
  if (ended - stored - dropped > 0) process.exitCode = 1;

  function row(state) {
    const { delivered, spooled, dropped: lost, inFlight } = processor.exporter.stats();
    const { heapUsed, rss } = process.memoryUsage();
    const mib = (bytes) => Math.round(bytes / 1024 / 1024);
    const held = (delay.max / 1e6).toFixed(0);
    const cells = [
      (elapsed() / 60_000).toFixed(1),
      state,
      ended,
      delivered,
      spooled,
      lost,
      inFlight,
      mib(heapUsed),
      mib(rss),
      held,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function endSpan(tracer, number) {
  const text = `${number} `.padEnd(200 + ((number * 7919) % 8_000), 'lorem ipsum ');
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.usage.input_tokens': number % 5_000,
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]),
  };
  tracer.startSpan('chat', { attributes }).end();
}

function answerOf(worker) {
  return new Promise((resolve) => worker.once('message', resolve));
}
