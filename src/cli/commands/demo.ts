import type { AddCommand } from '../command.ts';
import type { DemoFlags } from '../demo/run-demo.ts';
import { withConnectionFlags, withPrivacyFlags } from '../shared-flags.ts';

export const addDemo: AddCommand = (program, act) => {
  withPrivacyFlags(withConnectionFlags(program.command('demo')))
    .description(
      'Run a small application against a stand-in model and show the events that PostHog gets. No key needed.',
    )
    .option('--send', 'send the events to your project instead of a stand-in')
    .option('--json', 'print the events in full, as JSON')
    .addHelpText('after', HELP)
    .action((flags: DemoFlags) =>
      act(async (io, output) => {
        const { runDemo } = await import('../demo/run-demo.ts');
        return runDemo(flags, io, output);
      }),
    );
};

const HELP = `
Nothing leaves this machine unless --send is given; then the events are stored in your project like any other.

Examples:
  $ npx posthog-llm-exporter demo
  $ POSTHOG_API_KEY=phc_… npx posthog-llm-exporter demo --send --endpoint eu`;
