import { resolve } from 'node:path';
import { Agent, getGlobalDispatcher } from 'undici';
import { traceUrlOf } from '../../config/endpoint.ts';
import { type StartResult, start } from '../../register/start.ts';
import { printResult, testSettings } from '../connection-check.ts';
import { type AppFindings, lookAtApp } from '../init/look-at-app.ts';
import type { CliIo, Output } from '../io.ts';
import { eventsIn, recordRequests } from '../sent-requests.ts';
import { type ConnectionFlags, type PrivacyFlags, usableSettings } from '../settings.ts';
import type { ClientName } from './client-names.ts';
import { eventTree } from './event-tree.ts';
import { type FoundClient, findClients, whyNotFound } from './find-client.ts';
import { runShop } from './shop.ts';
import { describeFailure, describeOthers, showClient } from './show-client.ts';
import { startStandInModel } from './stand-in-model.ts';
import { type SentEvent, startStandInPostHog } from './stand-in-posthog.ts';

export interface DemoFlags extends ConnectionFlags, PrivacyFlags {
  /** To the project of the settings rather than to a stand-in. */
  readonly send?: boolean;
  /** Default: the first that is among the dependencies of the application. */
  readonly client?: ClientName;
  readonly json?: boolean;
}

/** A key of no project: the stand-in takes any. */
const STAND_IN_KEY = 'phc_demo';

/** Events of the demo: an agent, two calls and a tool below it, a call that fails. */
const EXPECTED_EVENTS = 5;

/**
 * Asks a stand-in model on this machine, with a client that the application in the folder has installed, else with none,
 * and prints what PostHog gets of it. 0 when all of it arrived, else 1.
 */
export async function runDemo(folder: string, flags: DemoFlags, io: CliIo, output: Output): Promise<0 | 1> {
  if (flags.send) return demoInProject(flags, io, output);
  const app = flags.client === 'none' ? undefined : lookAtApp(resolve(folder));
  const found = app ? findClients(app) : [];
  const wanted = flags.client === undefined || flags.client === 'none' ? undefined : flags.client;
  const [client] = wanted === undefined ? found : found.filter(({ program }) => program.name === wanted);
  if (app && client) return demoOfClient(client, found, app, flags, io, output);
  if (wanted === undefined) return demoOnThisMachine(flags, output);
  output.complain(whyNotFound(wanted, resolve(folder)));
  return 1;
}

async function demoOfClient(
  client: FoundClient,
  found: readonly FoundClient[],
  app: AppFindings,
  flags: DemoFlags,
  io: CliIo,
  output: Output,
): Promise<0 | 1> {
  const isPrivate = flags.privacyMode === true;
  const { events, said, problem } = await showClient(client, app, { apiKey: STAND_IN_KEY, isPrivate, io });
  if (problem !== undefined) {
    // Who has asked for no client in particular gets to see a tree in any case.
    const code =
      flags.client === undefined && events.length === 0 ? await demoOnThisMachine(flags, output) : 1;
    output.complain(problem);
    return code;
  }
  if (flags.json !== true) output.complain(said);
  const title = `${client.program.client} ${client.version}, as installed in ${app.folder}, asked a stand-in model`;
  printEvents(title, events, flags.json, output);
  if (flags.json !== true) {
    describeFailure(events, output);
    describeOthers(client, found, output);
    output.print(NEXT_STEPS);
  }
  return 0;
}

async function demoOnThisMachine({ privacyMode, json }: DemoFlags, output: Output): Promise<0 | 1> {
  const posthog = await startStandInPostHog();
  const dispatcher = new Agent();
  try {
    await runWith({ apiKey: STAND_IN_KEY, endpoint: posthog.url, privacyMode, dispatcher }, output);
    printEvents(OWN_TITLE, posthog.events, json, output);
    if (json !== true) output.print(NEXT_STEPS);
    return posthog.events.length >= EXPECTED_EVENTS ? 0 : 1;
  } finally {
    posthog.close();
    await dispatcher.destroy();
  }
}

async function demoInProject(flags: DemoFlags, io: CliIo, output: Output): Promise<0 | 1> {
  const config = usableSettings(flags, io, output);
  if (config === undefined) return 1;
  const result = await testSettings(config, io);
  if (result.status !== 'ok' && result.status !== 'key-not-verifiable' && result.status !== 'rate-limited') {
    printResult(result, config.apiKey.toString(), output);
    output.complain('Nothing was sent.');
    return 1;
  }
  const { dispatcher, requests } = recordRequests(io.dispatcher ?? getGlobalDispatcher());
  const { endpoint, privacyMode } = config;
  const { exporter } = await runWith(
    { apiKey: config.apiKey.reveal(), endpoint, privacyMode, dispatcher },
    output,
  );
  const events = requests.flatMap((request) => eventsIn(request) as readonly SentEvent[]);
  printEvents(OWN_TITLE, events, flags.json, output);
  const traceIds = new Set(events.map(({ properties }) => String(properties['$ai_trace_id'])));
  for (const traceId of traceIds) {
    const url = traceUrlOf(traceId, endpoint, config.uiHost);
    if (url !== undefined && flags.json !== true) output.print(`Look at it, in a minute or so: ${url}`);
  }
  return exporter.stats().delivered >= EXPECTED_EVENTS ? 0 : 1;
}

/** Runs the application with everything that `startPostHogLLM` starts, and waits until its events are delivered. */
async function runWith(options: Parameters<typeof start>[0], { complain }: Output): Promise<StartResult> {
  const model = await startStandInModel();
  const logger = { error: complain, warn: complain, info: () => {}, debug: () => {} };
  const fixed = {
    configFile: false,
    enabled: true,
    instrumentations: [],
    // All five events are shown, whatever share the environment asks for.
    samplingRate: 1,
    flushOnExit: false,
    logger,
  } as const;
  const started = start({ ...options, ...fixed }, { isFirst: false, say: () => {} });
  try {
    await runShop(model.url);
  } finally {
    await started.shutdown();
    model.close();
  }
  return started;
}

function printEvents(
  title: string,
  events: readonly SentEvent[],
  json: boolean | undefined,
  output: Output,
): void {
  if (json === true) {
    output.print(JSON.stringify(events, null, 2));
    return;
  }
  output.print(`${title}; this is what PostHog receives:\n\n`);
  output.print(`${eventTree(events)}\n\n`);
}

const OWN_TITLE = 'An application asked a stand-in model';

const NEXT_STEPS = `Nothing left this machine. --json prints the events in full, --send sends them to your project.
Next: posthog-llm-exporter init looks at your application and says how to set it up.`;
