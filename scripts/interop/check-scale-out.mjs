#!/usr/bin/env node
/**
 * Runs what docs/scale-out.md describes for real: gateways, an OpenTelemetry Collector built here and Kafka, with the
 * configurations of examples/gateway/collector. Kills each of them while spans are sent, and prints what arrived: nothing may be
 * lost, no trace may be split between gateways, and prompts that come in log records must meet their spans.
 *
 *   node scripts/interop/check-scale-out.mjs [--only queue,kafka] [--traces 600]
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';
import { buildCollector, collectorPath } from './collector/build.mjs';
import { createTable } from './lib/create-table.mjs';
import { createGateway } from './lib/gateway.mjs';
import { createKafka, missingForKafka } from './lib/kafka.mjs';
import { otlpCall, otlpLogsRequest, otlpRecord, otlpRequest } from './lib/otlp-call.mjs';
import { freePorts, listensOn, sleep, start, stop, stopAll, until } from './lib/processes.mjs';
import { startStandInPostHog } from './lib/stand-in-posthog.mjs';

const CONFIGS = fileURLToPath(new URL('../../examples/gateway/collector/', import.meta.url));
const SPANS_PER_TRACE = 4;
/** An instrumentation that writes prompts into log records. */
const LOGGING_SCOPE = 'opentelemetry.instrumentation.openai_v2';
const PADDING = 'x'.repeat(3_000);

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    traces: { type: 'string', default: '600' },
    help: { type: 'boolean' },
  },
});

/**
 * What is built up, what is killed meanwhile, and what answers then mean. `hasLogs`: prompts come in log records, in requests of their own;
 * then nothing is killed, since those that wait for their span are in memory only.
 */
const SCENARIOS = {
  'queue-http': {
    title: 'Collector, `otlp_http`, gzip, queue on disk → gateway',
    run: (lab) => behindQueue(lab, 'queue-http.yaml', { COMPRESSION: 'gzip' }),
  },
  'queue-zstd': {
    title: 'Collector, `otlp_http`, zstd, queue on disk → gateway',
    missing: () => (zlib.createZstdDecompress ? undefined : 'Node 22.15 or later, which reads zstd'),
    run: (lab) => behindQueue(lab, 'queue-http.yaml', { COMPRESSION: 'zstd' }),
  },
  'queue-grpc': {
    title: 'Collector, `otlp_grpc`, gzip, queue on disk → gateway',
    run: (lab) => behindQueue(lab, 'queue-grpc.yaml', { COMPRESSION: 'gzip' }),
  },
  'load-balancing': {
    title: 'Collector, queue on disk → Collector, `load_balancing` by trace id → 3 gateways',
    run: behindBalancer,
  },
  'load-balancing-logs': {
    title: 'the same by service, prompts in log records',
    hasLogs: true,
    run: (lab) =>
      behindBalancer(lab, { config: 'load-balancing-by-service.yaml', limits: { waitForLogsMs: 500 } }),
  },
  kafka: {
    title: 'Collector → Kafka → 2 × (Collector → gateway)',
    missing: missingForKafka,
    run: behindKafka,
  },
  'kafka-logs': {
    title: 'the same, prompts in log records',
    hasLogs: true,
    missing: missingForKafka,
    run: behindKafka,
  },
};

async function behindBalancer(lab, { config = 'load-balancing.yaml', limits } = {}) {
  const gateways = [];
  for (let count = 0; count < 3; count += 1) gateways.push(await lab.gateway('stored', limits));
  const addresses = Object.fromEntries(
    gateways.map(({ ports }, index) => [`GATEWAY_${index + 1}`, `127.0.0.1:${ports.grpc}`]),
  );
  const balancer = await lab.collector(config, addresses);
  const front = await lab.collector('queue-grpc.yaml', { GATEWAY_GRPC: balancer.grpc });
  return {
    url: front.url,
    kill: [...gateways, balancer, front].map((each) => () => each.restart('SIGKILL')),
    killed: 'each gateway, both Collectors',
  };
}

async function behindKafka(lab) {
  const kafka = await lab.kafka();
  kafka.createTopics(['otlp_spans', 'otlp_logs'], 6);
  const pairs = [];
  for (const name of ['gateway-0', 'gateway-1']) {
    const gateway = await lab.gateway('delivered');
    const http = `http://127.0.0.1:${gateway.ports.http}`;
    const env = { KAFKA: kafka.address, GATEWAY_HTTP: http, INSTANCE: name };
    pairs.push({ gateway, consumer: await lab.collector('from-kafka.yaml', env, false) });
  }
  const front = await lab.collector('to-kafka.yaml', { KAFKA: kafka.address });
  // Until each consumer has its partitions.
  await sleep(8_000);
  const [first, second] = pairs;
  return {
    url: front.url,
    kill: [
      () => first.gateway.restart('SIGKILL'),
      () => second.consumer.restart('SIGKILL'),
      () => front.restart('SIGKILL'),
      () => kafka.restart('SIGKILL'),
    ],
    killed: 'a gateway, a consumer, the producer, Kafka',
  };
}

async function behindQueue(lab, config, env) {
  const gateway = await lab.gateway('stored');
  const { http, grpc } = gateway.ports;
  const addresses = { GATEWAY_HTTP: `http://127.0.0.1:${http}`, GATEWAY_GRPC: `127.0.0.1:${grpc}` };
  const front = await lab.collector(config, { ...addresses, ...env });
  return {
    url: front.url,
    kill: [
      () => gateway.restart('SIGKILL'),
      () => front.restart('SIGKILL'),
      () => gateway.restart('SIGTERM'),
    ],
    killed: 'the gateway twice, the Collector',
  };
}

/** Starts what a scenario asks for, each thing in a folder that goes with the scenario. */
function createLab(folder, posthog, otelcol) {
  let count = 0;
  const started = [];
  return {
    started,
    async gateway(acknowledge, limits) {
      count += 1;
      const gateway = await createGateway(
        folder,
        {
          acknowledge,
          ...(limits ? { limits } : {}),
          ...(acknowledge === 'stored' ? { spool: { directory: join(folder, `spool-${count}`) } } : {}),
          // Each under its own key, so that it is seen which gateway a span went through.
          destinations: [{ name: 'product', apiKey: `phc_gateway_${count}`, endpoint: posthog.url }],
        },
        `gateway-${count}`,
      );
      started.push(gateway);
      await gateway.start();
      return gateway;
    },
    async collector(config, env, receives = true) {
      count += 1;
      const [http, grpc] = await freePorts(2);
      const storage = join(folder, `storage-${count}`);
      mkdirSync(storage);
      const all = {
        ...env,
        STORAGE: storage,
        IN_HTTP: `127.0.0.1:${http}`,
        IN_GRPC: `127.0.0.1:${grpc}`,
        METRICS_LEVEL: 'none',
        GATEWAY_KEY: 'none',
      };
      let running;
      const begin = async () => {
        running = start(otelcol, ['--config', join(CONFIGS, config)], { env: all });
        const isReady = async () => {
          if (running.child.exitCode !== null) throw new Error(running.lines.slice(-5).join('\n'));
          return receives
            ? listensOn(http)
            : running.lines.some((line) => line.includes('Everything is ready'));
        };
        if (!(await until(isReady, 60_000)))
          throw new Error(`${config}: ${running.lines.slice(-5).join('\n')}`);
      };
      await begin();
      const collector = {
        url: `http://127.0.0.1:${http}`,
        grpc: `127.0.0.1:${grpc}`,
        async restart(signal) {
          await stop(running, signal);
          await begin();
        },
        stop: () => stop(running),
        said: () => running.lines.filter((line) => /\t(warn|error)\t/.test(line)).slice(-8),
      };
      started.push(collector);
      return collector;
    },
    async kafka() {
      const kafka = await createKafka(folder);
      await kafka.start();
      started.push(kafka);
      return kafka;
    },
  };
}

/**
 * Requests in which the spans of a trace come apart, as they do when a trace takes longer than a batch. Log records come
 * before the spans that they belong to, or after them.
 */
function requestsOf(traces, hasLogs) {
  const seed = randomBytes(8).toString('hex');
  const hex = (text, digits) =>
    createHash('sha256')
      .update(seed + text)
      .digest('hex')
      .slice(0, digits);
  const requests = [];
  for (let first = 0; first < traces; first += 20) {
    const from = { scope: LOGGING_SCOPE, service: `service ${first / 20}` };
    for (let part = 0; part < SPANS_PER_TRACE; part += 1) {
      const spans = [];
      for (let trace = first; trace < Math.min(first + 20, traces); trace += 1) {
        spans.push(spanOf(hex(`trace ${trace}`, 32), hex(`span ${trace} ${part}`, 16), hasLogs));
      }
      const sent = {
        path: '/v1/traces',
        spanIds: spans.map(({ spanId }) => spanId),
        body: otlpRequest(spans, from),
      };
      if (!hasLogs) requests.push(sent);
      else {
        const logs = {
          path: '/v1/logs',
          spanIds: [],
          body: otlpLogsRequest(spans.map(recordOf), from),
        };
        requests.push(...(part % 2 === 0 ? [logs, sent] : [sent, logs]));
      }
    }
  }
  return requests;
}

/** Each has a prompt of its own. */
const promptOf = (spanId) => `What is in order ${spanId}?`;

function spanOf(traceId, spanId, hasLogs) {
  const parts = [{ type: 'text', content: `${promptOf(spanId)} ${PADDING}` }];
  return otlpCall(traceId, spanId, {
    'gen_ai.provider.name': 'openai',
    'gen_ai.response.id': `chatcmpl-${spanId}`,
    ...(hasLogs ? {} : { 'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts }]) }),
  });
}

function recordOf({ traceId, spanId }) {
  return otlpRecord(traceId, spanId, 'gen_ai.user.message', { content: promptOf(spanId) });
}

/** Sends until it is taken, as an SDK with patience does. */
async function sendAll(url, requests, isPaused) {
  for (const { path, body } of requests) {
    for (;;) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body }).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => {});
      if (answer?.ok) break;
      if (answer && answer.status < 500 && answer.status !== 429)
        throw new Error(`refused with ${answer.status}`);
      await sleep(300);
    }
    await sleep(isPaused ? 60 : 0);
  }
}

async function check(scenario, otelcol) {
  const folder = mkdtempSync(join(tmpdir(), 'scale-out-'));
  const posthog = await startStandInPostHog();
  const lab = createLab(folder, posthog, otelcol);
  try {
    const { url, kill, killed } = await scenario.run(lab);
    const requests = requestsOf(Number(values.traces), scenario.hasLogs);
    const ids = requests.flatMap(({ spanIds }) => spanIds);
    const sending = sendAll(url, requests, true);
    for (const end of scenario.hasLogs ? [] : kill) {
      await sleep(1_500);
      await end();
      console.error('killed and back');
    }
    await sending;
    console.error(`sent all ${ids.length}, ${missingOf(ids, posthog)} still on their way`);
    const isThere = await until(() => missingOf(ids, posthog) === 0, 120_000, 500);
    if (!isThere) for (const { said } of lab.started) for (const line of said?.() ?? []) console.error(line);
    return rowOf(scenario.title, scenario.hasLogs ? 'nothing' : killed, ids, posthog);
  } finally {
    for (const each of lab.started.reverse()) await each.stop().catch(() => {});
    posthog.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const missingOf = (ids, { spans }) => ids.filter((id) => !spans.has(id)).length;

function rowOf(title, killed, ids, { spans: delivered, events }) {
  const inputs = new Map(
    events.map(({ properties }) => [properties.$ai_span_id, JSON.stringify(properties.$ai_input ?? '')]),
  );
  const keysByTrace = new Map();
  for (const id of ids) {
    const span = delivered.get(id);
    if (span)
      keysByTrace.set(span.traceId, new Set([...(keysByTrace.get(span.traceId) ?? []), ...span.keys]));
  }
  return {
    path: title,
    killed,
    'spans sent': ids.length,
    delivered: ids.filter((id) => delivered.has(id)).length,
    twice: ids.filter((id) => (delivered.get(id)?.count ?? 0) > 1).length,
    lost: ids.filter((id) => !delivered.has(id)).length,
    'split traces': [...keysByTrace.values()].filter(({ size }) => size > 1).length,
    'without prompt': ids.filter((id) => delivered.has(id) && !inputs.get(id)?.includes(promptOf(id))).length,
  };
}

async function main() {
  if (collectorPath() === undefined)
    return console.log('check:scale-out: skipped, Go is not installed here.');
  if (!existsSync(collectorPath())) console.log('The Collector is built once, which takes some ten minutes.');
  const otelcol = buildCollector();
  const rows = [];
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    if (values.only && !values.only.split(',').some((each) => name.startsWith(each))) continue;
    const missing = scenario.missing?.();
    if (missing === undefined) {
      console.error(`${name} …`);
      rows.push(await check(scenario, otelcol));
    } else console.log(`${name}: skipped, needs ${missing}.`);
  }
  rows.forEach(createTable());
  const faults = ['lost', 'split traces', 'without prompt'];
  if (rows.some((row) => faults.some((fault) => row[fault] > 0))) process.exitCode = 1;
}

if (values.help) console.log('node scripts/interop/check-scale-out.mjs [--only queue,kafka] [--traces 600]');
else await main().finally(stopAll);
