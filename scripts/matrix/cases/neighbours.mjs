// Other tools in the same process, set up as docs/other-tools.md says; what they send goes nowhere.
import { readFileSync } from 'node:fs';
import { NODE } from '../versions.mjs';
import { OPENAI } from './instrumentations.mjs';

const API = '@opentelemetry/api@~1.9.0';
const ARIZE = '@arizeai/openinference-instrumentation-openai@latest';
const SDK = ['sdk-node', 'exporter-trace-otlp-http'].map((name) => `@opentelemetry/${name}@~0.223.0`);
const REGISTER = ['--import', 'posthog-llm-exporter/register'];
const TELEMETRY = ['--import', './telemetry.mjs'];

const blocks = [
  ...readFileSync(new URL('../../../docs/other-tools.md', import.meta.url), 'utf8').matchAll(
    /^```js\n([\s\S]*?)^```$/gm,
  ),
].map(([, block]) => block);
const blockWith = (text) => blocks.find((block) => block.includes(text));
const SENTRY_10 = blockWith('for @sentry/node 10');
const SENTRY_11 = blockWith('for @sentry/node 11');
const OTHERS = blockWith('OTLPTraceExporter');

/** An instrumentation of the application's, for what does not record by itself. */
const withInstrumentation = (telemetry, option) =>
  `import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import OpenAI from 'openai';
const instrumentation = new OpenAIInstrumentation();
${telemetry.replace(option, `$&\n  ${option.startsWith('Sentry') ? 'openTelemetryInstrumentations' : 'instrumentations'}: [instrumentation],`)}
instrumentation.manuallyInstrument(OpenAI);
`;

const ROWS = {
  ...Object.fromEntries(
    ['8', '9'].map((major) => [
      `\`@sentry/node\` ${major}, with an instrumentation`,
      {
        packages: [`@sentry/node@^${major}`, ARIZE],
        telemetry: withInstrumentation(SENTRY_10, 'Sentry.init({'),
      },
    ]),
  ),
  // Without an address it records nothing.
  '`@sentry/node` 10, by its own spans': {
    packages: ['@sentry/node@^10'],
    telemetry: SENTRY_10,
    env: { SENTRY_DSN: 'http://public@127.0.0.1:9/1' },
  },
  '`@sentry/node` 10, with an instrumentation': {
    packages: ['@sentry/node@^10', ARIZE],
    telemetry: withInstrumentation(SENTRY_10, 'Sentry.init({'),
  },
  '`@sentry/node` 11': { packages: ['@sentry/node@^11', ARIZE], telemetry: SENTRY_11 },
  '`@sentry/node` 11 with a provider of its own': {
    packages: ['@sentry/node@^11', ARIZE],
    telemetry: SENTRY_11.replace('tracesSampleRate', 'enableOpenTelemetrySetup: true, $&'),
    calls: 0,
    says: /takes no more span processors/,
  },
  '`dd-trace`': {
    packages: ['dd-trace@latest', ARIZE],
    start: ['--import', 'dd-trace/initialize.mjs', ...REGISTER],
  },
  '`dd-trace`, `DD_TRACE_OTEL_ENABLED`': {
    packages: ['dd-trace@latest', ARIZE],
    start: ['--import', 'dd-trace/initialize.mjs', ...REGISTER],
    env: { DD_TRACE_OTEL_ENABLED: 'true' },
  },
  '`dd-trace` with a provider of its own': {
    packages: ['dd-trace@latest', ARIZE],
    telemetry: `import tracer from 'dd-trace';\ntracer.init();\nnew tracer.TracerProvider().register();\n`,
    start: [...TELEMETRY, ...REGISTER],
    calls: 0,
    says: /no attributes that can be read/,
  },
  'OTLP exporter': {
    packages: [...SDK, ARIZE],
    telemetry: withInstrumentation(OTHERS, 'metricReaders: [],'),
  },
  '`LangfuseSpanProcessor`': beside({
    packages: ['@langfuse/otel@^5'],
    name: 'LangfuseSpanProcessor',
    from: '@langfuse/otel',
    env: {
      LANGFUSE_PUBLIC_KEY: 'pk',
      LANGFUSE_SECRET_KEY: 'sk',
      LANGFUSE_BASE_URL: 'http://127.0.0.1:9',
    },
  }),
  '`BraintrustSpanProcessor`': beside({
    packages: ['@braintrust/otel@latest', 'braintrust@latest', 'zod@latest'],
    name: 'BraintrustSpanProcessor',
    from: '@braintrust/otel',
    env: {
      BRAINTRUST_API_KEY: 'none',
      BRAINTRUST_API_URL: 'http://127.0.0.1:9',
      BRAINTRUST_PARENT: 'project_name:shop',
    },
  }),
  '`LangSmithOTLPSpanProcessor`': beside({
    packages: ['langsmith@latest'],
    name: 'LangSmithOTLPSpanProcessor',
    from: 'langsmith/experimental/otel/processor',
    made: 'new LangSmithOTLPSpanProcessor(new OTLPTraceExporter())',
  }),
};

/** @returns {object} a row whose processor stands where the page has the OTLP exporter's */
function beside({ packages, name, from, env, made = `new ${name}()` }) {
  const telemetry = OTHERS.replace('new tracing.BatchSpanProcessor(new OTLPTraceExporter())', made);
  return {
    packages: [...SDK, ...packages, ARIZE],
    telemetry: `import { ${name} } from '${from}';\n${withInstrumentation(telemetry, 'metricReaders: [],')}`,
    env,
  };
}

export const cases = Object.entries(ROWS).map(
  ([row, { packages, telemetry = '', start = TELEMETRY, env = {}, calls = 1, says }], index) => ({
    group: 'Beside',
    row,
    column: NODE.newest24,
    async run({ project, send, node }) {
      const cwd = await project({
        name: `beside-${index}`,
        packages: [API, 'openai@^6', ...packages],
        files: { 'app.mjs': OPENAI, 'telemetry.mjs': telemetry },
        // Their peer ranges do not all meet, as in many applications.
        flags: ['--legacy-peer-deps', '--ignore-scripts'],
      });
      const nowhere = { SENTRY_DSN: '', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
      const output = await send([await node(NODE.newest24), '--no-warnings', ...start, 'app.mjs'], {
        cwd,
        calls,
        env: { ...nowhere, ...env },
      });
      if (says && !says.test(output)) throw new Error(`it does not say what is missing\n${output}`);
      return calls === 0 ? 'no, and says so' : undefined;
    },
  }),
);
