#!/usr/bin/env node
/**
 * Sends from OpenTelemetry's own exporters of every language to a built gateway that is killed, ended and started again
 * meanwhile, and whose PostHog answers 503 for a while, and counts at the other end. Nothing that an exporter was told OK
 * for may be missing. What an exporter gives up itself is listed.
 *
 *   node scripts/interop/check-clients.mjs [--only go,java] [--batches 24]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ALL_CLIENTS } from './lib/clients.mjs';
import { createTable } from './lib/create-table.mjs';
import { withGateway } from './lib/gateway.mjs';
import { sleep, start, stopAll, until } from './lib/processes.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    batches: { type: 'string', default: '24' },
    help: { type: 'boolean' },
  },
});
const PER_BATCH = 5;

/** What is done to the gateway while clients send, by what its answers mean. */
const SCENARIOS = {
  stored: async (gateway, posthog) => {
    await sleep(3_000);
    await gateway.restart('SIGKILL');
    await sleep(2_000);
    posthog.state.isDown = true;
    await sleep(3_000);
    await gateway.restart('SIGKILL');
    posthog.state.isDown = false;
    await sleep(2_000);
    await gateway.restart('SIGTERM');
  },
  // Without a disk every answer waits for PostHog: an outage is answered with 503.
  delivered: async (gateway, posthog) => {
    await sleep(3_000);
    posthog.state.isDown = true;
    await sleep(4_000);
    posthog.state.isDown = false;
    await sleep(2_000);
    await gateway.restart('SIGKILL');
    await sleep(2_000);
    await gateway.restart('SIGTERM');
  },
};

async function main() {
  const wanted = values.only?.split(',');
  const clients = ALL_CLIENTS.filter(({ name }) => !wanted || wanted.some((each) => name.startsWith(each)));
  const commands = clients.flatMap((client) => {
    const missing = client.missing();
    if (missing === undefined) return [[client.name, client.prepare()]];
    console.log(`${client.name} is skipped: ${missing} is not installed here.`);
    return [];
  });
  let isFine = true;
  for (const acknowledge of Object.keys(SCENARIOS)) isFine = (await check(acknowledge, commands)) && isFine;
  process.exitCode = isFine ? 0 : 1;
}

function check(acknowledge, commands) {
  const settings = (folder) => ({
    acknowledge,
    ...(acknowledge === 'stored' ? { spool: { directory: join(folder, 'spool') } } : {}),
  });
  const run = async ({ posthog, gateway }) => {
    const { http, grpc } = gateway.ports;
    const batches = Number(values.batches);
    const task = { http, grpc, batches, perBatch: PER_BATCH, pauseMs: 500 };
    const lines = [];
    const programs = await Promise.all(commands.map((command) => startClient(command, task, lines)));
    for (const { child } of programs) child.stdin.write('\n');
    await SCENARIOS[acknowledge](gateway, posthog);
    for (const { name, ended, lines: said } of programs) {
      const how = await ended;
      if (how !== 0) throw new Error(`${name} ended with ${how}: ${said.slice(-5).join('\n')}`);
    }
    const missing = () =>
      lines.filter(({ ok }) => ok).flatMap(({ spanIds }) => spanIds.filter((id) => !posthog.spans.has(id)));
    await until(() => missing().length === 0, 40_000);
    console.log(`\nacknowledge: ${acknowledge}`);
    rowsOf(lines, posthog.spans).forEach(createTable());
    return missing().length === 0;
  };
  return withGateway(run, { settings, destination: { deadlineMs: 2_000, timeoutMs: 1_000 } });
}

async function startClient([name, [command, ...args]], task, lines) {
  // Programs that take several arguments merge them.
  const [last] = args.slice(-1);
  const given = last?.startsWith('{') ? args.slice(0, -1) : args;
  const whole = last?.startsWith('{') ? { ...JSON.parse(last), ...task } : task;
  let isReady = false;
  const program = start(command, [...given, JSON.stringify(whole)], {
    input: true,
    onLine: (text) => {
      if (!text.startsWith('{')) return;
      const line = JSON.parse(text);
      if (line.ready) isReady = true;
      else lines.push(line);
    },
  });
  if (!(await until(() => isReady || program.child.exitCode !== null, 120_000)) || !isReady)
    throw new Error(`${name} did not start: ${program.lines.slice(-5).join('\n')}`);
  return { name, ...program };
}

function rowsOf(lines, delivered) {
  const groups = Map.groupBy ? Map.groupBy(lines, keyOf) : groupBy(lines);
  return [...groups].sort().map(([client, all]) => {
    const ids = (ok) => all.filter((line) => line.ok === ok).flatMap(({ spanIds }) => spanIds);
    const [told, givenUp] = [ids(true), ids(false)];
    const count = (list, holds) => list.filter((id) => holds(delivered.get(id)?.count ?? 0)).length;
    return {
      client,
      sent: told.length + givenUp.length,
      'told OK': told.length,
      delivered: count([...told, ...givenUp], (times) => times > 0),
      'sent twice': count([...told, ...givenUp], (times) => times > 1),
      'lost after OK': count(told, (times) => times === 0),
      'given up by the client': givenUp.length,
      'of these delivered': count(givenUp, (times) => times > 0),
      'what it gave up on': [
        ...new Set(all.filter(({ ok }) => !ok).map(({ error }) => error ?? 'not told')),
      ].join('; '),
    };
  });
}

const keyOf = ({ client, compression }) => `${client}, ${compression === 'gzip' ? 'gzip' : 'plain'}`;

function groupBy(lines) {
  const groups = new Map();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}

if (values.help) console.log('node scripts/interop/check-clients.mjs [--only go,java] [--batches 24]');
else await main().finally(stopAll);
