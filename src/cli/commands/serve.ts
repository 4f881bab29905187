import type { AddCommand } from '../command.ts';
import type { ServeFlags } from './run-serve.ts';

export const addServe: AddCommand = (program, act) => {
  program
    .command('serve')
    .argument(
      '[file]',
      'configuration, YAML or JSON; default: POSTHOG_LLM_CONFIG, else what "configure" wrote, else one destination by POSTHOG_API_KEY',
    )
    .description(
      'Run a gateway: OpenTelemetry of any language and OpenRouter Broadcast in, PostHog projects out.',
    )
    .option('--check', 'check the file and test its destinations, and start nothing')
    .addHelpText('after', HELP)
    .action((file: string | undefined, flags: ServeFlags) =>
      act(async (io, output) => {
        const { runServe } = await import('./run-serve.ts');
        return runServe(file, flags, io, output);
      }),
    );
};

const HELP = `
Takes OTLP/HTTP on 127.0.0.1:4318 (protobuf and JSON) and OpenRouter Broadcast on /openrouter, and OTLP/gRPC where
"listen.grpc" is set. Health, metrics and the page are on 127.0.0.1:4319. SIGHUP reads the file again, SIGTERM ends it
within 25 seconds. docs/gateway.md describes the file.

Examples:
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter serve
  $ posthog-llm-exporter serve gateway.yaml
  $ posthog-llm-exporter serve gateway.yaml --check
  $ OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 python app.py`;
