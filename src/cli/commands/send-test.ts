import type { AddCommand } from '../command.ts';
import { withConnectionFlags, withPrivacyFlags } from '../shared-flags.ts';
import type { SendTestFlags } from './run-send-test.ts';

export const addSendTest: AddCommand = (program, act) => {
  withPrivacyFlags(withConnectionFlags(program.command('send-test')))
    .description('Send one test trace and print the event as it was sent, with the link to look at it.')
    .addHelpText('after', HELP)
    .action((flags: SendTestFlags) =>
      act(async (io, output) => {
        // Loaded late: it brings the exporter and the OpenTelemetry SDK, a peer that the other commands do without.
        const { runSendTest } = await import('./run-send-test.ts');
        return runSendTest(flags, io, output);
      }),
    );
};

const HELP = `
The test trace is one generation of a made-up conversation. It is stored in your project like any other.

Examples:
  $ posthog-llm-exporter send-test
  $ posthog-llm-exporter send-test --privacy-mode`;
