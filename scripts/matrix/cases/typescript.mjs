// The types that users see, checked with the libraries' types (`skipLibCheck: false`), with the oldest TypeScript to the newest.
import { SDKS } from '../versions.mjs';

const COMPILERS = ['5.0.4', '5.4.5', '5.9.3', '6.0.3', '7.0.2'];
const MODES = { node16: 'node16', nodenext: 'nodenext', bundler: 'esnext' };
/** Types of Node that the compiler can read; newer ones use newer syntax. */
const NODE_TYPES = { '5.0.4': '20.10.0', '5.4.5': '^20.0.0' };

/** Both ways: what is ours where the SDK wants its own, and what is the SDK's where we want ours. */
function source({ from, provider }, hasLogs) {
  return `
import { ${provider}, SimpleSpanProcessor, InMemorySpanExporter } from '${from}';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '${from}';
${hasLogs ? "import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';" : ''}
import { PostHogLLMLogRecordProcessor, PostHogLLMSpanExporter, PostHogLLMSpanProcessor, explain, isPostHogLLMConfigError, setTrace, withTrace } from 'posthog-llm-exporter';
import type { FlushOnceResult, LogRecordLike, PostHogLLMSpanExporterOptions, ReadableSpanLike, Rule, SpanExporterLike, SpanProcessorLike } from 'posthog-llm-exporter';
import 'posthog-llm-exporter/register';

const options: PostHogLLMSpanExporterOptions = {
  apiKey: process.env['POSTHOG_API_KEY'],
  redact: ['email'],
  headers: async () => ({ a: 'b' }),
  mask: (text, { role }) => (role === 'user' ? '' : text),
  privacyMode: (call) => call.model !== 'x',
};
const exporter = new PostHogLLMSpanExporter(options);
export const asTheirs: SpanExporter = exporter;
export const asOurs: SpanExporterLike[] = [exporter, new InMemorySpanExporter()];
export const processor: SpanProcessor = new PostHogLLMSpanProcessor({ exporter });
export const another = new PostHogLLMSpanProcessor({ apiKey: 'phc_x', filter: (call) => call.kind === 'generation' });
declare const theirs: SpanProcessor;
export const processors: SpanProcessorLike[] = [processor, another, theirs];
export const provider = new ${provider}({ spanProcessors: [processor, another] });
declare const span: ReadableSpan;
export const ours: ReadableSpanLike = span;
export const explanations = explain([span]);
${
  hasLogs
    ? `declare const record: ReadableLogRecord;
export const ourRecord: LogRecordLike = record;
export const logRecordProcessor: LogRecordProcessor = new PostHogLLMLogRecordProcessor(exporter);`
    : 'export const logRecordProcessor = new PostHogLLMLogRecordProcessor(exporter);'
}
export const six: Promise<number> = withTrace({ user: 'u' }, async () => 6);
export const flushed: Promise<FlushOnceResult> = exporter.flushOnce({ timeoutMs: 5 });
export const rule: Rule = { and: [{ field: 'metadata.x', operator: 'greater', value: 1 }] };
export const isSet: boolean = setTrace({ metadata: { a: { b: 1 } } });
export const isOurs: boolean = isPostHogLLMConfigError(1);
void SimpleSpanProcessor;
void (undefined as unknown as LogRecordLike);
`;
}

export const cases = Object.entries(SDKS).flatMap(([sdk, use]) =>
  COMPILERS.flatMap((compiler) =>
    Object.entries(MODES).map(([mode, module]) => ({
      group: 'TypeScript',
      row: `${compiler}, \`${mode}\``,
      column: sdk,
      async run({ project, run, tool }) {
        const types = NODE_TYPES[compiler] ?? '^20.0.0';
        const text = source(use, sdk !== 'SDK 3');
        const cwd = await project({
          name: `types-${sdk}-${types}`.toLowerCase().replaceAll(/[^\w-]+/g, '-'),
          packages: [...use.packages, `@types/node@${types}`],
          files: { 'app.cts': text, 'app.mts': text, 'app.ts': text },
        });
        const tsc = await tool(`typescript@${compiler}`, 'typescript/bin/tsc');
        const files = mode === 'bundler' ? ['app.ts'] : ['app.cts', 'app.mts'];
        const options = [
          '--strict',
          '--noEmit',
          '--target',
          'es2022',
          '--types',
          'node',
          '--noUncheckedIndexedAccess',
        ];
        // The types of the logs SDK of that time do not hold with it.
        if (sdk !== 'SDK 1.30') options.push('--exactOptionalPropertyTypes');
        await run(
          [process.execPath, tsc, ...options, '--module', module, '--moduleResolution', mode, ...files],
          { cwd },
        );
      },
    })),
  ),
);
