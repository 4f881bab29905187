import type { AppFindings } from '../init/look-at-app.ts';
import { planSetUp } from '../init/plan-set-up.ts';
import type { CliIo, Output } from '../io.ts';
import { ANSWERED_CALLS, moduleText } from './client-programs.ts';
import type { FoundClient } from './find-client.ts';
import { runClient } from './run-client.ts';
import { startStandInModel } from './stand-in-model.ts';
import { type SentEvent, startStandInPostHog } from './stand-in-posthog.ts';

export interface ShownClient {
  readonly events: readonly SentEvent[];
  /** What `register` said at its start. */
  readonly said: string;
  /** Why less than all arrived, with the next step; `undefined` when all did. */
  readonly problem: string | undefined;
}

interface Settings {
  readonly apiKey: string;
  readonly isPrivate: boolean;
  readonly io: CliIo;
}

/** Asks a stand-in model with a client of the application, and gives the events that a stand-in for PostHog gets. */
export async function showClient(
  found: FoundClient,
  app: AppFindings,
  { apiKey, isPrivate, io }: Settings,
): Promise<ShownClient> {
  const { program } = found;
  const [model, posthog] = await Promise.all([startStandInModel(), startStandInPostHog()]);
  try {
    const run = { program, folder: app.folder, env: io.env, isPrivate, apiKey };
    const urls = { modelUrl: model.url, posthogUrl: posthog.url };
    const { hasFailed, said } = await runClient({ ...run, ...urls }, (url) => moduleText(program, url));
    const { events } = posthog;
    const arrived = events.filter(isAnsweredCall).length;
    const isWhole = !hasFailed && arrived >= ANSWERED_CALLS;
    return {
      events,
      said,
      problem: isWhole ? undefined : describeProblem(found, app, arrived, hasFailed, said),
    };
  } finally {
    model.close();
    posthog.close();
  }
}

function describeProblem(
  { program, version }: FoundClient,
  app: AppFindings,
  arrived: number,
  hasFailed: boolean,
  said: string,
): string {
  const client = `${program.client} ${version}`;
  if (hasFailed) return `${client} does not run here (Node ${process.versions.node}):\n${said.trimEnd()}`;
  const { install } = planSetUp(app);
  if (arrived === 0 && install !== undefined)
    return `${client} is installed here, and nothing records its calls yet. Install:\n  ${install}`;
  return `Of ${ANSWERED_CALLS} calls of ${client} ${arrived} arrived:\n${said.trimEnd()}`;
}

const isAnsweredCall = ({ event, properties }: SentEvent) =>
  event === '$ai_generation' && properties['$ai_is_error'] !== true;

/** The call that fails is not recorded by all: OpenInference for OpenAI ends the span of an answered call only. */
export function describeFailure(events: readonly SentEvent[], output: Output): void {
  if (!events.some(({ properties }) => properties['$ai_is_error'] === true))
    output.print('A last call failed, and is not here: what records the calls ends no span for it.');
}

/** Two clients in one application are shown one after the other, as asked for. */
export function describeOthers(shown: FoundClient, found: readonly FoundClient[], output: Output): void {
  for (const { program, version } of found) {
    if (program.name !== shown.program.name)
      output.print(`${program.client} ${version} is installed as well: demo --client ${program.name}`);
  }
}
