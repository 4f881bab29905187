import type { AddCommand } from '../command.ts';
import { readPort } from '../shared-flags.ts';
import type { DevFlags } from './run-dev.ts';

export const addDev: AddCommand = (program, act) => {
  program
    .command('dev')
    .argument('[command...]', 'command to run, which then sends here')
    .description(
      'Show on a page what PostHog would get of an application, and why. Needs no account, sends nowhere.',
    )
    .option('--port <port>', 'port for OTLP/HTTP (default: 4318, or a free one)', readPort)
    .option('--admin-port <port>', 'port of the page (default: 4319, or a free one)', readPort)
    .option('--exit', 'end with the command; on a terminal the page stays otherwise')
    .passThroughOptions()
    .addHelpText('after', HELP)
    .action((command: string[], flags: DevFlags) =>
      act(async (io, output) => {
        const { runDev } = await import('./run-dev.ts');
        return runDev(command, flags, io, output);
      }),
    );
};

const HELP = `
The command gets the environment that OpenTelemetry SDKs of every language read. Without a command it runs until it is
told to end, and takes what is sent to its OTLP address.

Examples:
  $ npx posthog-llm-exporter dev -- python app.py
  $ npx posthog-llm-exporter dev -- node --import @opentelemetry/auto-instrumentations-node/register app.js
  $ npx posthog-llm-exporter dev`;
