import { Agent, getGlobalDispatcher } from 'undici';
import { traceUrlOf } from '../../config/endpoint.ts';
import { type StartResult, start } from '../../register/start.ts';
import { printResult, testSettings } from '../connection-check.ts';
import type { CliIo, Output } from '../io.ts';
import { eventsIn, recordRequests } from '../sent-requests.ts';
import { type ConnectionFlags, type PrivacyFlags, usableSettings } from '../settings.ts';
import { eventTree } from './event-tree.ts';
import { runShop } from './shop.ts';
import { startStandInModel } from './stand-in-model.ts';
import { type SentEvent, startStandInPostHog } from './stand-in-posthog.ts';

export interface DemoFlags extends ConnectionFlags, PrivacyFlags {
  /** To the project of the settings rather than to a stand-in. */
  readonly send?: boolean;
  readonly json?: boolean;
}

/** A key of no project: the stand-in takes any. */
const STAND_IN_KEY = 'phc_demo';

/** Events of the demo: an agent, two calls and a tool below it, a call that fails. */
const EXPECTED_EVENTS = 5;

/** Runs a small application on this machine, and prints what PostHog gets of it. 0 when all of it arrived, else 1. */
export async function runDemo(flags: DemoFlags, io: CliIo, output: Output): Promise<0 | 1> {
  return flags.send ? demoInProject(flags, io, output) : demoOnThisMachine(flags, output);
}

async function demoOnThisMachine({ privacyMode, json }: DemoFlags, output: Output): Promise<0 | 1> {
  const posthog = await startStandInPostHog();
  const dispatcher = new Agent();
  try {
    await runWith({ apiKey: STAND_IN_KEY, endpoint: posthog.url, privacyMode, dispatcher }, output);
    printEvents(posthog.events, json, output);
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
  printEvents(events, flags.json, output);
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

function printEvents(events: readonly SentEvent[], json: boolean | undefined, output: Output): void {
  if (json === true) {
    output.print(JSON.stringify(events, null, 2));
    return;
  }
  output.print('An application asked a stand-in model; this is what PostHog receives:\n\n');
  output.print(`${eventTree(events)}\n\n`);
}

const NEXT_STEPS = `Nothing left this machine. --json prints the events in full, --send sends them to your project.
Next: posthog-llm-exporter init looks at your application and says how to set it up.`;
