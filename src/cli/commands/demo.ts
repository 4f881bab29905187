import { Option } from 'commander';
import type { AddCommand } from '../command.ts';
import { CLIENT_NAMES } from '../demo/client-names.ts';
import type { DemoFlags } from '../demo/run-demo.ts';
import { withConnectionFlags, withPrivacyFlags } from '../shared-flags.ts';

export const addDemo: AddCommand = (program, act) => {
  const about = 'of an application whose own client is shown';
  withPrivacyFlags(withConnectionFlags(program.command('demo').argument('[folder]', about, '.')))
    .description(
      'Ask a stand-in model, with the client that is installed here, and show the events that PostHog gets. No key needed.',
    )
    .option('--send', 'send the events to your project instead of a stand-in')
    .addOption(
      new Option('--client <name>', 'which client of the application; none: the demo without one')
        .choices(CLIENT_NAMES)
        .conflicts('send'),
    )
    .option('--json', 'print the events in full, as JSON')
    .addHelpText('after', HELP)
    .action((folder: string, flags: DemoFlags) =>
      act(async (io, output) => {
        const { runDemo } = await import('../demo/run-demo.ts');
        return runDemo(folder, flags, io, output);
      }),
    );
};

const HELP = `
A client among the dependencies of the application (openai, @anthropic-ai/sdk, ai) is started as it would be without code,
\`node --import posthog-llm-exporter/register\`; where there is none, the demo makes the calls itself. Nothing leaves
this machine unless --send is given; then the demo's own calls are stored in your project like any other.

Examples:
  $ npx posthog-llm-exporter demo
  $ npx posthog-llm-exporter demo --client anthropic
  $ POSTHOG_API_KEY=phc_… npx posthog-llm-exporter demo --send --endpoint eu`;
