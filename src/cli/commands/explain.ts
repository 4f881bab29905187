import type { AddCommand } from '../command.ts';
import type { ExplainFlags } from './run-explain.ts';

export const addExplain: AddCommand = (program, act) => {
  program
    .command('explain')
    .argument('<file>', 'spans as OTLP/JSON; - reads standard input')
    .description('Say what becomes of each span, and by which rule. Sends nothing.')
    .option('--logs <file>', 'log records of the same spans, as OTLP/JSON')
    .option('--content', 'show prompts, answers and tool data as well')
    .option('--privacy-mode', 'explain what privacy mode leaves')
    .option('--json', 'print the explanation as JSON')
    .addHelpText('after', HELP)
    .action((file: string, flags: ExplainFlags) =>
      act(async (io, output) => {
        const { runExplain } = await import('./run-explain.ts');
        return runExplain(file, flags, io, output);
      }),
    );
};

const HELP = `
For each span: the dialect that claimed it, what kind of call it is, where every event property comes from, and which
attributes were not used and why. Content is shown only when asked for.

Examples:
  $ posthog-llm-exporter explain spans.json
  $ posthog-llm-exporter explain spans.json --logs logs.json --json
  $ curl -s https://collector.example/last-trace | posthog-llm-exporter explain -`;
