import { Command, CommanderError } from 'commander';
import { packageVersion } from '../package-info.ts';
import type { Act, ExitCode } from './command.ts';
import { COMMANDS } from './commands.ts';
import { type CliIo, createOutput, type Output } from './io.ts';

const FAILED: ExitCode = 1;
const WRONG_USAGE: ExitCode = 2;

/** Runs one command line, without the names of node and script. Prints to `io`, never throws or ends the process. */
export async function main(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const output = createOutput(io);
  let exitCode: ExitCode = 0;
  const program = buildProgram(io, output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : WRONG_USAGE;
    }
    output.complain(`Unexpected trouble: ${error instanceof Error ? error.message : 'no details'}`);
    return FAILED;
  }
}

function buildProgram(io: CliIo, output: Output, exit: (code: ExitCode) => void): Command {
  const program = new Command('posthog-llm-exporter')
    .description(
      'Sends the LLM calls in OpenTelemetry spans to PostHog. These commands set it up and try it out.',
    )
    .version(packageVersion)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: output.print, writeErr: output.complain })
    .showHelpAfterError('(--help shows what is possible)')
    .addHelpText('after', PROGRAM_HELP);

  const act: Act = async (work) => exit(await work(io, output));
  for (const add of COMMANDS) add(program, act);
  return program;
}

const PROGRAM_HELP = `
Each setting is taken from the first of these that has it:
  1. flags
  2. environment: POSTHOG_API_KEY, POSTHOG_HOST, POSTHOG_PRIVACY_MODE, POSTHOG_LLM_DESTINATION
  3. config file: --file, else POSTHOG_LLM_CONFIG, else posthog-llm-exporter/config.json
     in the user's config directory ($XDG_CONFIG_HOME or ~/.config; %APPDATA% on Windows)
What a destination of a file says wins over the environment. HTTP_PROXY, HTTPS_PROXY and NO_PROXY hold.

Exit codes: 0 done, 1 failed, 2 wrong usage.

Examples:
  $ posthog-llm-exporter configure
  $ posthog-llm-exporter check
  $ posthog-llm-exporter send-test
  $ posthog-llm-exporter docs configuration`;
