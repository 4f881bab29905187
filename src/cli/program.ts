import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { booleanFromText } from '../config/option-rules.ts';
import { packageVersion } from '../package-info.ts';
import { type CheckFlags, runCheck } from './check-command.ts';
import { runConfigure } from './configure-command.ts';
import type { DemoFlags } from './demo/demo-command.ts';
import type { DevFlags } from './dev-command.ts';
import type { ExplainFlags } from './explain-command.ts';
import type { InitFlags } from './init/init-command.ts';
import { type CliIo, createOutput, type Output } from './io.ts';
import { type ReplayFlags, runReplay } from './replay-command.ts';
import type { SendFlags } from './send-command.ts';
import type { SendTestFlags } from './send-test-command.ts';
import type { ServeFlags } from './serve-command.ts';
import type { ConfigureFlags } from './settings.ts';
import { runSpoolList, type SpoolListFlags } from './spool-command.ts';

/** What a shell gets to see: 0 done, 1 failed, 2 wrong usage, or what a command that was run has given. */
export type ExitCode = number;

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

  withConnectionFlags(program.command('init').argument('[folder]', 'of the application', '.'))
    .description('Look at an application and say what to install and what to add; ends with check.')
    .option('--write', 'write it: new files, and the start script; existing files stay as they are')
    .addHelpText('after', INIT_HELP)
    .action(async (folder: string, flags: InitFlags) => {
      const { runInit } = await import('./init/init-command.ts');
      exit(await runInit(folder, flags, io, output));
    });

  withConnectionFlags(program.command('check'))
    .description('Find out whether events would reach a project: host, key, region. Stores nothing.')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', CHECK_HELP)
    .action(async (flags: CheckFlags) => exit(await runCheck(flags, io, output)));

  withPrivacyFlags(withConnectionFlags(program.command('configure')))
    .description('Ask for key, endpoint and privacy mode, test them, and save them only if the test passes.')
    .addHelpText('after', CONFIGURE_HELP)
    .action(async (flags: ConfigureFlags) => exit(await runConfigure(flags, io, output)));

  withPrivacyFlags(withConnectionFlags(program.command('send-test')))
    .description('Send one test trace and print the event as it was sent, with the link to look at it.')
    .addHelpText('after', SEND_TEST_HELP)
    .action(async (flags: SendTestFlags) => {
      // Loaded late: it brings the exporter and the OpenTelemetry SDK, a peer that the other commands do without.
      const { runSendTest } = await import('./send-test-command.ts');
      exit(await runSendTest(flags, io, output));
    });

  withPrivacyFlags(withConnectionFlags(program.command('demo')))
    .description(
      'Run a small application against a stand-in model and show the events that PostHog gets. No key needed.',
    )
    .option('--send', 'send the events to your project instead of a stand-in')
    .option('--json', 'print the events in full, as JSON')
    .addHelpText('after', DEMO_HELP)
    .action(async (flags: DemoFlags) => {
      const { runDemo } = await import('./demo/demo-command.ts');
      exit(await runDemo(flags, io, output));
    });

  program
    .command('explain')
    .argument('<file>', 'spans as OTLP/JSON; - reads standard input')
    .description('Say what becomes of each span, and by which rule. Sends nothing.')
    .option('--logs <file>', 'log records of the same spans, as OTLP/JSON')
    .option('--content', 'show prompts, answers and tool data as well')
    .option('--privacy-mode', 'explain what privacy mode leaves')
    .option('--json', 'print the explanation as JSON')
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (file: string, flags: ExplainFlags) => {
      const { runExplain } = await import('./explain-command.ts');
      exit(await runExplain(file, flags, io, output));
    });

  withPrivacyFlags(withConnectionFlags(program.command('send')))
    .argument(
      '<files...>',
      'OTLP in JSON, JSON lines or protobuf, spans and log records; - reads standard input',
    )
    .description(
      'Send the spans in files, the way an exporter sends them. The same spans make the same events.',
    )
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--resume <file>', 'remember there how far each file was sent, and go on from there')
    .addHelpText('after', SEND_HELP)
    .action(async (files: string[], flags: SendFlags) => {
      const { runSend } = await import('./send-command.ts');
      exit(await runSend(files, flags, io, output));
    });

  program
    .command('dev')
    .argument('[command...]', 'command to run, which then sends here')
    .description(
      'Show on a page what PostHog would get of an application, and why. Needs no account, sends nowhere.',
    )
    .option('--port <port>', 'port for OTLP/HTTP (default: 4318, or a free one)', readPort)
    .option('--admin-port <port>', 'port of the page (default: 4319, or a free one)', readPort)
    .passThroughOptions()
    .addHelpText('after', DEV_HELP)
    .action(async (command: string[], flags: DevFlags) => {
      const { runDev } = await import('./dev-command.ts');
      exit(await runDev(command, flags, io, output));
    });

  program
    .command('serve')
    .argument('[file]', 'configuration, YAML or JSON; default: POSTHOG_LLM_CONFIG')
    .description(
      'Run a gateway: OpenTelemetry of any language and OpenRouter Broadcast in, PostHog projects out.',
    )
    .option('--check', 'check the file and test its destinations, and start nothing')
    .addHelpText('after', SERVE_HELP)
    .action(async (file: string | undefined, flags: ServeFlags) => {
      const { runServe } = await import('./serve-command.ts');
      exit(await runServe(file, flags, io, output));
    });

  withConnectionFlags(program.command('replay').argument('<directory>', 'spool directory of an exporter'))
    .description('Send what an exporter has spooled on disk, oldest first.')
    .option('--any-project', 'send also what was spooled for a project with another API key')
    .addHelpText('after', REPLAY_HELP)
    .action(async (directory: string, flags: ReplayFlags) =>
      exit(await runReplay(directory, flags, io, output)),
    );

  program
    .command('spool')
    .description('Look at what an exporter has spooled on disk.')
    .command('ls')
    .argument('<directory>', 'spool directory of an exporter')
    .description('List the files with their age, events and bytes. Prints nothing of what is in them.')
    .option('--json', 'print the list as JSON')
    .action(async (directory: string, flags: SpoolListFlags) =>
      exit(await runSpoolList(directory, flags, io, output)),
    );

  program
    .command('docs')
    .argument('[topic]', 'name of a page, or the beginning of it')
    .description('Show a page of the documentation, or what pages there are.')
    .addHelpText('after', DOCS_HELP)
    .action(async (topic: string | undefined) => {
      const { runDocs } = await import('./docs-command.ts');
      exit(await runDocs(topic, output));
    });

  return program;
}

function withConnectionFlags(command: Command): Command {
  return command
    .option('--api-key <key>', 'project API key (phc_…); others can see it in the process list')
    .option('--endpoint <endpoint>', '"us", "eu", or the URL of a self-hosted PostHog or a proxy')
    .option('--file <path>', 'config file, YAML or JSON')
    .option('--destination <name>', 'one of the destinations in the file');
}

function withPrivacyFlags(command: Command): Command {
  return command
    .option('--privacy-mode [boolean]', 'withhold prompts and completions', readBoolean)
    .option('--no-privacy-mode', 'send them');
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Use a number up to 65535.');
  return port;
}

function readBoolean(text: string): boolean {
  const value = booleanFromText(text);
  if (value === undefined) {
    throw new InvalidArgumentError('Use true or false.');
  }
  return value;
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

const INIT_HELP = `
Looks at package manager, module system, framework, LLM libraries with their versions, and tracing that is there already.

Examples:
  $ npx posthog-llm-exporter init
  $ npx posthog-llm-exporter init ./services/chat --write`;

const DOCS_HELP = `
Examples:
  $ posthog-llm-exporter docs
  $ posthog-llm-exporter docs privacy | less`;

const CHECK_HELP = `
Says the proxy that it went through. A file with several destinations has all of them checked, unless one is named.

Examples:
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter check --endpoint eu
  $ posthog-llm-exporter check --file ./posthog.json --json`;

const CONFIGURE_HELP = `
Asks for what no flag gives when run in a terminal; the key is not shown while it is typed.
An existing file stays as it is unless the test passes.

Examples:
  $ posthog-llm-exporter configure
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter configure --endpoint eu --privacy-mode --file ./posthog.json`;

const EXPLAIN_HELP = `
For each span: the dialect that claimed it, what kind of call it is, where every event property comes from, and which
attributes were not used and why. Content is shown only when asked for.

Examples:
  $ posthog-llm-exporter explain spans.json
  $ posthog-llm-exporter explain spans.json --logs logs.json --json
  $ curl -s https://collector.example/last-trace | posthog-llm-exporter explain -`;

const DEMO_HELP = `
Nothing leaves this machine unless --send is given; then the events are stored in your project like any other.

Examples:
  $ npx posthog-llm-exporter demo
  $ POSTHOG_API_KEY=phc_… npx posthog-llm-exporter demo --send --endpoint eu`;

const SEND_TEST_HELP = `
The test trace is one generation of a made-up conversation. It is stored in your project like any other.

Examples:
  $ posthog-llm-exporter send-test
  $ posthog-llm-exporter send-test --privacy-mode`;

const REPLAY_HELP = `
Safe while exporters work on the same directory, and as often as you like: PostHog knows an event that it has already.
Exit code 0 when nothing is left to send and nothing was lost.

Examples:
  $ posthog-llm-exporter spool ls /var/lib/my-app/posthog-spool
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter replay /var/lib/my-app/posthog-spool --endpoint eu`;

const SERVE_HELP = `
Takes OTLP/HTTP on 127.0.0.1:4318 (protobuf and JSON) and OpenRouter Broadcast on /openrouter, and OTLP/gRPC where
"listen.grpc" is set. Health, metrics and the page are on 127.0.0.1:4319. SIGHUP reads the file again, SIGTERM ends it
within 25 seconds. docs/gateway.md describes the file.

Examples:
  $ posthog-llm-exporter serve gateway.yaml
  $ posthog-llm-exporter serve gateway.yaml --check
  $ OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 python app.py`;

const SEND_HELP = `
For back-fills and replays of what a Collector wrote to files. PostHog knows an event that it has already, so a file may
be sent again.

Examples:
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter send traces.jsonl logs.jsonl --dry-run
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter send traces.pb --resume sent.json`;

const DEV_HELP = `
The command gets the environment that OpenTelemetry SDKs of every language read. Without a command it runs until it is
told to end, and takes what is sent to its OTLP address.

Examples:
  $ npx posthog-llm-exporter dev -- python app.py
  $ npx posthog-llm-exporter dev -- node --import @opentelemetry/auto-instrumentations-node/register app.js
  $ npx posthog-llm-exporter dev`;
