// One measurement in a process of its own: makes the spans, warms up, measures, reports.
import { readFileSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { CONTESTANTS } from './contestants.mjs';
import { makeSpans, WORKLOADS } from './spans.mjs';

/** What the batch processor of the SDK hands over at once. */
const BATCH = 512;
/** Spans that a processor may hold without a loss: its queue takes 2048. */
const MAX_OUTSTANDING = 1_536;
const NS_PER_MS = 1e6;

const { contestant, workload: name, url, spans: count, passes } = JSON.parse(process.argv[2]);
const workload = WORKLOADS[name];
const { spans, aiSpans } = makeSpans(workload, count);
const subject = await CONTESTANTS[contestant].create(url);
const total = spans.length * (passes ?? workload.passes);

async function exportDirectly(goal) {
  for (let done = 0; done < goal; done += BATCH) {
    const from = done % spans.length;
    await subject.export(spans.slice(from, Math.min(from + BATCH, spans.length, from + goal - done)));
  }
}

/** Through a processor, with as many spans under way as its queue can hold. */
async function exportByProcessor(goal) {
  let finished = 0;
  let onFinished = () => {};
  const counting = Object.create(subject.spanExporter, {
    export: {
      value: (batch, callback) =>
        subject.spanExporter.export(batch, (result) => {
          callback(result);
          finished += batch.length;
          onFinished();
        }),
    },
    shutdown: { value: async () => {} },
    forceFlush: { value: async () => {} },
  });
  const isOwn = workload.via === 'own' && subject.makeProcessor !== undefined;
  const processor = isOwn ? subject.makeProcessor(subject.spanExporter) : new BatchSpanProcessor(counting);
  const outstanding = isOwn ? () => subject.spanExporter.stats().inFlight : () => handed - finished;
  let handed = 0;
  while (handed < goal) {
    for (let burst = 0; burst < 64 && handed < goal; burst++) processor.onEnd(spans[handed++ % spans.length]);
    await new Promise(setImmediate);
    while (!isOwn && outstanding() >= MAX_OUTSTANDING) {
      await new Promise((resolve) => {
        onFinished = resolve;
      });
    }
    if (isOwn && handed % MAX_OUTSTANDING < 64) await processor.forceFlush();
  }
  await processor.forceFlush();
  while (!isOwn && finished < goal) {
    await new Promise((resolve) => {
      onFinished = resolve;
    });
  }
}

const run = workload.via && subject.spanExporter ? exportByProcessor : exportDirectly;
const told = (word) =>
  new Promise((resolve) => process.on('message', (message) => message === word && resolve()));

/** Bytes of resident memory, now or at its peak. Linux only. */
function residentBytes(key) {
  try {
    const line = readFileSync('/proc/self/status', 'utf8').match(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm'));
    return line ? Number(line[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}

await run(Math.min(total, 4 * BATCH));
const start = told('start');
process.send('ready');
await start;
try {
  // The peak begins anew.
  writeFileSync('/proc/self/clear_refs', '5');
} catch {
  // Not Linux: no memory figure then.
}
const residentBefore = residentBytes('VmRSS');
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const loopBefore = performance.eventLoopUtilization();
const threadBefore = process.threadCpuUsage?.();
const cpuBefore = process.cpuUsage();
const startedMs = performance.now();

await run(total);

const wallMs = performance.now() - startedMs;
const cpu = process.cpuUsage(cpuBefore);
const thread = threadBefore && process.threadCpuUsage(threadBefore);
const loop = performance.eventLoopUtilization(loopBefore);
delay.disable();
const peak = residentBytes('VmHWM');
await subject.shutdown();
process.send({
  wallMs,
  spans: total,
  aiSpans: aiSpans * (passes ?? workload.passes),
  cpuMs: (cpu.user + cpu.system) / 1000,
  // Before Node 23.9 the time in which the event loop was not idle stands for it.
  mainMs: thread ? (thread.user + thread.system) / 1000 : loop.active,
  delayMs: [50, 99, 100].map((part) => delay.percentile(part) / NS_PER_MS),
  peakBytes: peak === undefined || residentBefore === undefined ? undefined : peak - residentBefore,
});
await told('stop');
process.exit();
