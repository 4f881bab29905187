// Measures the gateway beside the exporter alone and, where there is one, an OpenTelemetry Collector. See docs/performance.md.
//   node bench/gateway.mjs [--workload typical,mixed] [--rounds 5] [--seconds 5] [--otelcol /path/to/otelcol] [--smoke]
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { message } from './message.mjs';
import { median } from './print-table.mjs';

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string', default: 'typical,mixed' },
    rounds: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    otelcol: { type: 'string', default: process.env.OTELCOL ?? '' },
    smoke: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds ?? (options.smoke ? 1 : 5));
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const CLI = here('../dist/cli/main.js');
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

const ask = (child, task) => {
  child.send(task);
  return message(child);
};

/** Processor time of a process so far, all threads; Linux only. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function peakBytes(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a program that takes OTLP and sends on to the sink, and waits until it listens. */
async function startGateway(settings, sinkUrl, folder) {
  const file = join(folder, 'gateway.json');
  const destination = (name) => ({ name, apiKey: 'phc_benchmark', endpoint: sinkUrl, senders: undefined });
  writeFileSync(
    file,
    JSON.stringify({
      listen: { http: '127.0.0.1:0', admin: '127.0.0.1:0' },
      startup: { test: 'off' },
      acknowledge: settings.acknowledge,
      ...(settings.acknowledge === 'stored' ? { spool: { directory: join(folder, 'spool') } } : {}),
      destinations: Array.from({ length: settings.lanes }, (_, lane) => destination(`lane-${lane}`)),
    }),
    { mode: 0o600 },
  );
  const child = spawn(process.execPath, ['--no-warnings', CLI, 'serve', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [http, admin] = await new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', () => reject(new Error(`the gateway did not start: ${text}`)));
    child.stderr.on('data', (chunk) => {
      text += chunk;
      const told = /"message":"The gateway receives\.","http":"([^"]+)".*"admin":"([^"]+)"/.exec(text);
      if (told) resolve(told.slice(1));
    });
  });
  return { child, url: `http://${http}`, metricsUrl: `http://${admin}/metrics` };
}

async function startCollector(_settings, sinkUrl, folder) {
  const port = await freePort();
  const file = join(folder, 'otelcol.yaml');
  writeFileSync(
    file,
    `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}", max_request_body_size: 67108864 } } } }
exporters: { otlp_http: { endpoint: "${sinkUrl}", compression: gzip } }
service:
  telemetry: { metrics: { level: none }, logs: { level: error } }
  pipelines: { traces: { receivers: [otlp], exporters: [otlp_http] } }
`,
  );
  const child = spawn(options.otelcol, ['--config', file], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'GET' }).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { child, url: `http://127.0.0.1:${port}` };
}

const CONTESTANTS = {
  'gateway, accepted': { start: startGateway, acknowledge: 'accepted', lanes: 1 },
  'gateway, stored': { start: startGateway, acknowledge: 'stored', lanes: 1 },
  'gateway, 3 destinations': { start: startGateway, acknowledge: 'accepted', lanes: 3 },
  ...(options.otelcol ? { 'collector, otlp to otlp_http': { start: startCollector, lanes: 1 } } : {}),
};

/** By how much the event loop was late since this was asked last, 99th percentile; not known of a Collector. */
async function loopDelayMs(metricsUrl) {
  if (metricsUrl === undefined) return Number.NaN;
  const text = await (await fetch(metricsUrl)).text();
  return Number(/^posthog_gateway_event_loop_delay_seconds\{quantile="0.99"\} (.+)$/m.exec(text)?.[1]) * 1000;
}

/** Everything has arrived when the sink gets no more. */
async function untilQuiet(sink) {
  let seen = -1;
  for (let last = -2; seen !== last; ) {
    last = seen;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ({ requests: seen } = await ask(sink, 'count'));
  }
}

/** Waits for the spans of requests that were answered. @returns how many have arrived, once the sink gets no more */
async function arrivedOf(expected, sink) {
  let arrived = 0;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await untilQuiet(sink);
    arrived += (await ask(sink, 'report')).arrived;
    if (arrived >= expected) break;
  }
  return arrived;
}

async function measureGateway(settings, workload, sink, sinkUrl) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  const { child, url, metricsUrl } = await settings.start(settings, sinkUrl, folder);
  const sender = fork(here('gateway-sender.mjs'), [workload, url, options.smoke ? '256' : '']);
  try {
    const { spans, aiSpans } = await message(sender);
    // What a Collector sends is not looked into.
    const perPass = settings.start === startCollector ? 0 : aiSpans * settings.lanes;
    await ask(sender, { warmUp: true });
    await arrivedOf(perPass, sink);
    const before = cpuMs(child.pid);
    const passes = options.smoke ? 1 : 3;
    const { wallMs } = await ask(sender, { passes });
    const arrived = await arrivedOf(perPass * passes, sink);
    const total = spans * passes;
    const cpu = cpuMs(child.pid) - before;
    const speed = (total / wallMs) * 1000;
    await loopDelayMs(metricsUrl);
    const { p99Ms } = await ask(sender, {
      spansPerSecond: speed / 2,
      seconds: options.smoke ? 1 : Number(options.seconds),
    });
    const delayMs = await loopDelayMs(metricsUrl);
    return {
      speed,
      cpuPerThousand: (cpu / total) * 1000,
      p99Ms,
      delayMs,
      peakMb: peakBytes(child.pid) / 1e6,
      lost: perPass === 0 ? 0 : perPass * passes - arrived,
    };
  } finally {
    sender.kill();
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The exporter in the application's own process, on the same spans. */
async function measureExporter(workload, sink, sinkUrl) {
  const task = JSON.stringify({
    contestant: 'exporter',
    workload,
    url: sinkUrl,
    ...(options.smoke ? { spans: 256, passes: 1 } : { passes: 3 }),
  });
  const worker = fork(here('worker.mjs'), [task], { execArgv: ['--no-warnings'] });
  await message(worker);
  sink.send('forget');
  const { spans, wallMs, cpuMs: cpu, aiSpans, peakBytes: peak } = await ask(worker, 'start');
  const { arrived } = await ask(sink, 'report');
  worker.send('stop');
  return {
    speed: (spans / wallMs) * 1000,
    cpuPerThousand: (cpu / spans) * 1000,
    p99Ms: Number.NaN,
    delayMs: Number.NaN,
    peakMb: (peak ?? Number.NaN) / 1e6,
    lost: aiSpans - arrived,
  };
}

const shown = (number, digits = 1) =>
  Number.isFinite(number) ? number.toLocaleString('en', { maximumFractionDigits: digits }) : '-';

const sink = fork(here('sink.mjs'));
const { port } = await message(sink);
const sinkUrl = `http://127.0.0.1:${port}`;
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}; OTLP/HTTP protobuf, gzip in and out`,
);
/** What a workload is, for who reads the sizes. */
const SPANS_OF = { typical: 'calls of 7,500 characters', mixed: 'nine of ten are not of AI' };

/** The table of docs/scale-out.md: what a gateway of one destination takes. */
const sizes = [];
function noteSizes(workload, results) {
  for (const acknowledge of ['accepted', 'stored']) {
    const cpu = median(results.get(`gateway, ${acknowledge}`).map(({ cpuPerThousand }) => cpuPerThousand));
    const perCore = Math.round(1_000_000 / cpu / 100) * 100;
    sizes.push(
      `| ${SPANS_OF[workload] ?? workload} | \`${acknowledge}\` | ${shown(cpu, 0)} ms | ${shown(perCore, 0)} spans/s |`,
    );
  }
}

let lost = 0;
try {
  for (const workload of options.workload.split(',')) {
    const results = new Map(['exporter alone', ...Object.keys(CONTESTANTS)].map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      results.get('exporter alone').push(await measureExporter(workload, sink, sinkUrl));
      for (const [name, settings] of Object.entries(CONTESTANTS)) {
        results.get(name).push(await measureGateway(settings, workload, sink, sinkUrl));
      }
    }
    console.log(`\n### ${workload}\n`);
    console.log(
      '| | spans/s | CPU ms/1k | beside the exporter | answer p99 ms at half load | loop delay p99 ms | peak MB | lost |',
    );
    console.log('| --- | --: | --: | --: | --: | --: | --: | --: |');
    const ratioTo = (one, other) =>
      median(
        results
          .get(one)
          .map(({ cpuPerThousand }, round) => cpuPerThousand / results.get(other)[round].cpuPerThousand),
      );
    for (const [name, all] of results) {
      const of = (key) => median(all.map((result) => result[key]));
      const ratio = ratioTo(name, 'exporter alone');
      const sumLost = all.reduce((sum, result) => sum + result.lost, 0);
      lost += sumLost;
      console.log(
        `| ${name} | ${shown(of('speed'), 0)} | ${shown(of('cpuPerThousand'))} | ${shown(ratio, 2)}x | ${shown(of('p99Ms'))} | ${shown(of('delayMs'))} | ${shown(of('peakMb'), 0)} | ${sumLost} |`,
      );
    }
    noteSizes(workload, results);
    const further = (ratioTo('gateway, 3 destinations', 'gateway, accepted') - 1) / 2;
    console.log(`\nEach further destination: ${shown(further * 100, 0)} % more CPU.`);
    if (options.otelcol) {
      const toCollector = ratioTo('gateway, accepted', 'collector, otlp to otlp_http');
      console.log(`Beside the Collector: ${shown(toCollector, 2)}x its CPU.`);
    }
  }
  console.log('\n### Sizes, for docs/scale-out.md\n');
  console.log('| Spans | `acknowledge` | CPU for 1,000 spans | A core takes about |');
  console.log('| --- | --- | --: | --: |');
  for (const size of sizes) console.log(size);
} finally {
  sink.kill();
}
if (lost > 0) {
  console.error(`${lost} spans were lost or not whole.`);
  process.exitCode = 1;
}
