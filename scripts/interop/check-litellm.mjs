#!/usr/bin/env node
/**
 * LiteLLM's proxy feeds a built gateway by its own OpenTelemetry callback, in both of its forms and over each protocol, while it calls
 * a model on loopback. Every call must reach PostHog once, with its model, tokens, content and user.
 *
 *   node scripts/interop/check-litellm.mjs [--calls 20] [--only grpc]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { missingForPython, once, run } from './lib/clients.mjs';
import { createTable } from './lib/create-table.mjs';
import { withGateway } from './lib/gateway.mjs';
import { answersOk, freePorts, start, stop, stopAll, until } from './lib/processes.mjs';
import { startStandInModel, USAGE } from './lib/stand-in-model.mjs';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '20' }, only: { type: 'string' }, help: { type: 'boolean' } },
});
const LITELLM = '1.108.7';
const CALLS = Number(values.calls);
const MASTER_KEY = 'sk-interop';

/** How the proxy is told to send. The second form of its callback is chosen by a variable. */
const WAYS = {
  'http/protobuf': (http) => ({ OTEL_EXPORTER: 'otlp_http', OTEL_ENDPOINT: `${http}/v1/traces` }),
  grpc: (_http, grpc) => ({ OTEL_EXPORTER: 'otlp_grpc', OTEL_ENDPOINT: grpc }),
  'http/protobuf, second form': (http) => ({
    LITELLM_OTEL_V2: 'true',
    OTEL_EXPORTER: 'otlp_http',
    OTEL_ENDPOINT: http,
  }),
  'grpc, second form': (_http, grpc) => ({
    LITELLM_OTEL_V2: 'true',
    OTEL_EXPORTER: 'otlp_grpc',
    OTEL_ENDPOINT: grpc,
  }),
};

/** What is asked of the proxy, in turn. `event`: what PostHog is to get for it. */
const KINDS = [
  { path: '/v1/chat/completions', event: '$ai_generation', body: {} },
  { path: '/v1/chat/completions', event: '$ai_generation', body: { stream: true } },
  { path: '/v1/embeddings', event: '$ai_embedding', body: undefined },
];

function prepare() {
  const folder = once('litellm', LITELLM, (work) => {
    run('python3', ['-m', 'venv', work], work);
    const packages = [`litellm[proxy]==${LITELLM}`, 'opentelemetry-sdk', 'opentelemetry-exporter-otlp'];
    run(join(work, 'bin/pip'), ['install', '--quiet', ...packages], work);
  });
  return join(folder, 'bin/litellm');
}

async function startProxy(litellm, folder, model, env) {
  const [port] = await freePorts(1);
  const config = join(folder, 'litellm.json');
  const entry = (name, mode) => ({
    model_name: name,
    litellm_params: { model: `openai/${name}`, api_base: model.url, api_key: 'sk-model' },
    model_info: { mode },
  });
  writeFileSync(
    config,
    JSON.stringify({
      model_list: [entry('gpt-4o-mini', 'chat'), entry('text-embedding-3-small', 'embedding')],
      litellm_settings: { callbacks: ['otel'] },
      general_settings: { master_key: MASTER_KEY },
    }),
  );
  const program = start(litellm, ['--config', config, '--host', '127.0.0.1', '--port', String(port)], {
    env: {
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'span_only',
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  if (!(await until(() => answersOk(`${url}/health/liveliness`), 180_000, 500)))
    throw new Error(`LiteLLM did not start:\n${program.lines.slice(-20).join('\n')}`);
  return { program, url };
}

async function askAll(url) {
  for (let number = 0; number < CALLS; number += 1) {
    const { path, body } = KINDS[number % KINDS.length];
    const text = `question number ${number}`;
    const asked = body
      ? { model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }], ...body }
      : { model: 'text-embedding-3-small', input: text };
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${MASTER_KEY}` },
      body: JSON.stringify({ ...asked, user: `user-${number}` }),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`the proxy answered ${answer.status}: ${said.slice(0, 300)}`);
  }
}

/** What PostHog got, beside what was asked. */
function rowOf(way, events) {
  const calls = events.filter(({ event }) => ['$ai_generation', '$ai_embedding'].includes(event));
  const of = (number) =>
    calls.filter(({ properties }) => JSON.stringify(properties).includes(`question number ${number}"`));
  const all = Array.from({ length: CALLS }, (_, number) => ({
    ...KINDS[number % KINDS.length],
    number,
    found: of(number),
  }));
  const count = (holds) =>
    all.filter(({ found, ...asked }) => found.some((event) => holds(event, asked))).length;
  return {
    way,
    calls: CALLS,
    events: calls.length,
    'once, with content': all.filter(({ found }) => found.length === 1).length,
    'of the right kind': count(({ event }, asked) => event === asked.event),
    model: count(({ properties }, { body }) =>
      String(properties.$ai_model).includes(body ? 'gpt-4o-mini' : 'text-embedding-3-small'),
    ),
    tokens: count(
      ({ properties }, { body }) =>
        properties.$ai_input_tokens === USAGE.prompt_tokens &&
        (!body || properties.$ai_output_tokens === USAGE.completion_tokens),
    ),
    user: count(({ distinct_id: id }, { number }) => id === `user-${number}`),
  };
}

async function check(litellm, way, { folder, posthog, gateway }) {
  const model = await startStandInModel();
  const { http, grpc } = gateway.ports;
  const env = WAYS[way](`http://127.0.0.1:${http}`, `http://127.0.0.1:${grpc}`);
  let proxy;
  try {
    proxy = await startProxy(litellm, folder, model, env);
    await askAll(proxy.url);
    await until(() => rowOf(way, posthog.events)['once, with content'] === CALLS, 30_000, 500);
  } finally {
    if (proxy) await stop(proxy.program);
    model.close();
  }
  // What comes late would be a call too many.
  await gateway.stop();
  if (process.env.DUMP) writeFileSync(process.env.DUMP, JSON.stringify(posthog.events, null, 1));
  return rowOf(way, posthog.events);
}

async function main() {
  const missing = missingForPython();
  if (missing) return console.log(`check:litellm: skipped, ${missing} is not installed here`);
  const litellm = prepare();
  const print = createTable();
  for (const way of Object.keys(WAYS).filter((each) => !values.only || each === values.only)) {
    const row = await withGateway((beside) => check(litellm, way, beside));
    print(row);
    if (Object.entries(row).some(([name, count]) => name !== 'way' && count !== CALLS)) process.exitCode = 1;
  }
}

if (values.help) console.log('node scripts/interop/check-litellm.mjs [--calls 20] [--only grpc]');
else await main().finally(stopAll);
