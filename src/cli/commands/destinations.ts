import type { AddCommand } from '../command.ts';
import { withPrivacyFlags } from '../shared-flags.ts';
import { runCheck } from './check.ts';
import type { AddDestinationFlags } from './run-add-destination.ts';

interface FileFlag {
  readonly file?: string;
  readonly json?: boolean;
}

export const addDestinations: AddCommand = (program, act) => {
  const command = program
    .command('destinations')
    .description('List, test and add the PostHog projects of a config file, such as that of the gateway.');
  command
    .command('list')
    .description('List the destinations of a file. Keys are masked.')
    .option('--file <path>', FILE)
    .option('--json', 'print the list as JSON')
    .action((flags: FileFlag) =>
      act(async (io, output) => {
        const { runListDestinations } = await import('./run-list-destinations.ts');
        return runListDestinations(flags, io, output);
      }),
    );
  command
    .command('test')
    .argument('[name]', 'one of them; default: all')
    .description('Find out whether events would reach the destinations. Stores nothing.')
    .option('--file <path>', FILE)
    .option('--json', 'print the results as JSON')
    .action((destination: string | undefined, flags: FileFlag) =>
      act((io, output) => runCheck({ ...flags, ...(destination ? { destination } : {}) }, io, output)),
    );
  withPrivacyFlags(
    command
      .command('add')
      .argument('[name]', 'name of the new destination')
      .description('Ask for a destination, test it, and write it into the file only if the test passes.')
      .option('--file <path>', FILE)
      .option(
        '--api-key <key>',
        'project API key (phc_…), or a reference: $' + '{env:NAME}, $' + '{file:/path}',
      )
      .option('--endpoint <endpoint>', '"us", "eu", or the URL of a self-hosted PostHog or a proxy'),
  )
    .addHelpText('after', ADD_HELP)
    .action((name: string | undefined, flags: AddDestinationFlags) =>
      act(async (io, output) => {
        const { runAddDestination } = await import('./run-add-destination.ts');
        return runAddDestination(name, flags, io, output);
      }),
    );
};

const FILE = 'config file, YAML or JSON; default: POSTHOG_LLM_CONFIG';

const ADD_HELP =
  `
Asks for what no argument gives when run in a terminal; the key is not shown while it is typed. Comments of the file are
kept. A gateway that runs takes the new destination when it gets SIGHUP.

Examples:
  $ posthog-llm-exporter destinations add --file gateway.yaml
  $ posthog-llm-exporter destinations add spend --file gateway.yaml --endpoint eu --api-key '$` +
  `{env:POSTHOG_KEY_SPEND}'`;
