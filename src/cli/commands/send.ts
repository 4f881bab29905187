import type { AddCommand } from '../command.ts';
import { withConnectionFlags, withPrivacyFlags } from '../shared-flags.ts';
import type { SendFlags } from './run-send.ts';

export const addSend: AddCommand = (program, act) => {
  withPrivacyFlags(withConnectionFlags(program.command('send')))
    .argument(
      '<files...>',
      'OTLP in JSON, JSON lines or protobuf, also packed by gzip, spans and log records; - reads standard input',
    )
    .description(
      'Send the spans in files, the way an exporter sends them. The same spans make the same events.',
    )
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--resume <file>', 'remember there how far each file was sent, and go on from there')
    .addHelpText('after', HELP)
    .action((files: string[], flags: SendFlags) =>
      act(async (io, output) => {
        const { runSend } = await import('./run-send.ts');
        return runSend(files, flags, io, output);
      }),
    );
};

const HELP = `
For back-fills and replays of what a Collector wrote to files. PostHog knows an event that it has already, so a file may
be sent again.

Examples:
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter send traces.jsonl logs.jsonl --dry-run
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter send traces.pb --resume sent.json`;
