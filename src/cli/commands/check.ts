import type { ConfigProblem } from '../../config/config-error.ts';
import { unusableKey } from '../../deliver/connection/connection-results.ts';
import { shownUrl } from '../../ledger/shown-url.ts';
import type { AddCommand } from '../command.ts';
import { printResult, testSettings } from '../connection-check.ts';
import type { CliIo, Output } from '../io.ts';
import {
  asCliProblems,
  type ConnectionFlags,
  complainAbout,
  destinationsFor,
  noteOddities,
  readSettings,
} from '../settings.ts';
import { withConnectionFlags } from '../shared-flags.ts';

export interface CheckFlags extends ConnectionFlags {
  readonly json?: boolean;
}

export const addCheck: AddCommand = (program, act) => {
  withConnectionFlags(program.command('check'))
    .description('Find out whether events would reach a project: host, key, region. Stores nothing.')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action((flags: CheckFlags) => act((io, output) => runCheck(flags, io, output)));
};

const HELP = `
Says the proxy that it went through. A file with several destinations has all of them checked, unless one is named.

Examples:
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter check --endpoint eu
  $ posthog-llm-exporter check --file ./posthog.json --json`;

/**
 * Runs the connection test and prints what it found, for each destination of a file that has several. 0 when all events
 * would reach a project, else 1.
 */
export async function runCheck(flags: CheckFlags, io: CliIo, output: Output): Promise<0 | 1> {
  const names = flags.destination === undefined ? destinationsFor(flags, io) : [];
  if (names.length === 0) return checkOne(flags, io, output);
  const codes: (0 | 1)[] = [];
  for (const [index, destination] of names.entries()) {
    if (!flags.json) output.print(`${index === 0 ? '' : '\n'}Destination ${destination}`);
    codes.push(await checkOne({ ...flags, destination }, io, output));
  }
  return codes.includes(1) ? 1 : 0;
}

async function checkOne(flags: CheckFlags, io: CliIo, output: Output): Promise<0 | 1> {
  const reading = readSettings(flags, io, output);
  noteOddities(reading, flags, io, output);
  const { config, problems } = reading;
  const personalKey = onlyPersonalKey(problems);
  if (problems.length > 0 && personalKey === undefined) {
    if (flags.json) {
      output.print(asJson({ status: 'invalid-config', problems: asCliProblems(problems) }));
    } else {
      complainAbout(problems, output);
    }
    return 1;
  }
  const result =
    personalKey === undefined
      ? await testSettings(config, io)
      : unusableKey(shownUrl(config.endpoint), personalKey);
  if (flags.json) {
    const { destination } = flags;
    output.print(asJson({ ...(destination ? { destination } : {}), apiKey: config.apiKey, ...result }));
  } else {
    printResult(result, config.apiKey.toString(), output);
  }
  return result.status === 'ok' ? 0 : 1;
}

/** The connection test has a result of its own for a personal key, which says more than a list of problems. */
function onlyPersonalKey(problems: readonly ConfigProblem[]): ConfigProblem | undefined {
  const [first, ...others] = problems;
  return first?.code === 'api-key-personal' && others.length === 0 ? first : undefined;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
