import type { AppFindings } from './look-at-app.ts';
import type { Step } from './step.ts';

const REGISTER = 'posthog-llm-exporter/register';

/** So that a preview or a test run without a key starts too; one line says that nothing is sent. */
const OPTIONS = `{ enabled: 'auto' }`;

/** The first that fits decides. */
export function setUpFor(app: AppFindings): readonly Step[] {
  if (app.hasProcessor) return [];
  if (app.sdks.length > 0) return besideSdk(app);
  if (app.framework?.name === 'next') return forNext(app);
  if (app.framework?.name === '@nestjs/core') return forNest(app);
  return forScript(app);
}

/** An application with an SDK keeps it, and gives it one more processor. */
function besideSdk({
  sdks,
  sdkFile,
  isTypeScript,
  isEsModule,
  hasSourceFolder,
}: AppFindings): readonly Step[] {
  const path = `${hasSourceFolder ? 'src/' : ''}posthog-llm.${isTypeScript ? 'ts' : 'js'}`;
  const usesImport = isTypeScript || isEsModule;
  const names = sdks.map(({ name }) => name);
  const where = sdkFile ?? `where ${names[0]} is set up`;
  const text = usesImport
    ? `import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';\n\n/** Sends the LLM calls among the spans to PostHog: POSTHOG_API_KEY, POSTHOG_HOST. */\nexport const posthog = new PostHogLLMSpanProcessor(${OPTIONS});\n`
    : `const { PostHogLLMSpanProcessor } = require('posthog-llm-exporter');\n\n/** Sends the LLM calls among the spans to PostHog: POSTHOG_API_KEY, POSTHOG_HOST. */\nexports.posthog = new PostHogLLMSpanProcessor(${OPTIONS});\n`;
  return [
    { says: 'A span processor for the SDK that is there', file: { path, text } },
    {
      says: `In ${where}, give it to the SDK:`,
      code: codeForSdk(names),
    },
  ];
}

function codeForSdk(names: readonly string[]): string {
  if (names.includes('@sentry/node') || names.includes('@sentry/nextjs'))
    return `Sentry.init({ …, openTelemetrySpanProcessors: [posthog] });`;
  if (names.includes('@vercel/otel')) return `registerOTel({ …, spanProcessors: ['auto', posthog] });`;
  return `new NodeSDK({ …, spanProcessors: [posthog], logRecordProcessors: [posthog.logRecordProcessor()] });`;
}

/** Split off, since what reads the imports of this package would take the text below for one. */
const IMPORT = 'import';

/** Next.js loads \`instrumentation\` first; the edge runtime must not meet what needs Node. */
function forNext({ isTypeScript, hasSourceFolder, clients }: AppFindings): readonly Step[] {
  const folder = hasSourceFolder ? 'src/' : '';
  const extension = isTypeScript ? 'ts' : 'js';
  const external = [
    'posthog-llm-exporter',
    ...clients.map(({ name }) => name).filter((name) => name !== 'ai'),
  ];
  return [
    {
      says: 'Loaded by Next.js before the application',
      file: {
        path: `${folder}instrumentation.${extension}`,
        text: `export async function register() {\n  if (process.env.NEXT_RUNTIME === 'nodejs') await ${IMPORT}('./instrumentation.node');\n}\n`,
      },
    },
    {
      says: 'The part for Node',
      file: {
        path: `${folder}instrumentation.node.${extension}`,
        text: `import { startPostHogLLM } from 'posthog-llm-exporter';\n\nstartPostHogLLM(${OPTIONS}); // POSTHOG_API_KEY, POSTHOG_HOST\n`,
      },
    },
    {
      says: 'In next.config, so that Next.js does not bundle what must be found and patched:',
      code: `serverExternalPackages: [${external.map((name) => `'${name}'`).join(', ')}],`,
    },
  ];
}

function forNest({ isTypeScript, isEsModule }: AppFindings): readonly Step[] {
  const usesImport = isTypeScript || isEsModule;
  const extension = isTypeScript ? 'ts' : 'js';
  const text = `${usesImport ? "import { startPostHogLLM } from 'posthog-llm-exporter'" : "const { startPostHogLLM } = require('posthog-llm-exporter')"};\n\nstartPostHogLLM(${OPTIONS}); // POSTHOG_API_KEY, POSTHOG_HOST\n`;
  return [
    { says: 'Starts everything', file: { path: `src/posthog-llm.${extension}`, text } },
    {
      says: `Make it the first line of src/main.${extension}, before any other import:`,
      code: importOf(isTypeScript, isEsModule),
    },
  ];
}

/** TypeScript resolves names without an ending, Node's ES modules do not. */
function importOf(isTypeScript: boolean, isEsModule: boolean): string {
  if (isTypeScript) return `import './posthog-llm';`;
  return isEsModule ? `import './posthog-llm.js';` : `require('./posthog-llm');`;
}

/** Commands that run a file with Node or Bun, behind variables that are set for them, and how each takes a preload. */
const PRELOADS: readonly (readonly [command: RegExp, flag: string])[] = [
  [/^(?:(?:cross-env|env) )?(?:\w+=\S* )*bun(?: run)? (?=\S*\.[cm]?[jt]sx?\b)/, '--preload'],
  [
    /^(?:(?:cross-env|env) )?(?:\w+=\S* )*(?:node|nodemon|tsx(?: watch)?) (?=.*\.[cm]?[jt]sx?\b|\S*$)/,
    '--import',
  ],
];

const NODE_OPTIONS = `NODE_OPTIONS="--import ${REGISTER}"`;

/** A start script with a preload: no line of the application changes. */
function forScript({ scripts, main, manager, isTypeScript }: AppFindings): readonly Step[] {
  const names = ['start', 'dev', 'serve'].filter((name) => scripts[name] !== undefined);
  const steps = names.flatMap((name) => {
    const from = scripts[name] ?? '';
    const to = withPreload(from);
    if (to === undefined || from.includes(REGISTER)) return [];
    return [{ says: `"${name}": "${to}"`, script: { name, from, to } }];
  });
  if (names.some((name) => scripts[name]?.includes(REGISTER))) return steps;
  const start = scripts['start'];
  if (steps.length > 0 && start !== undefined && withPreload(start) === undefined)
    return [
      ...steps,
      { says: `"start" runs "${start}"; let Node load the preload there too:`, code: NODE_OPTIONS },
    ];
  if (steps.length > 0) return steps;
  const runner = manager === 'bun' ? 'bun' : isTypeScript ? 'tsx' : 'node';
  const flag = manager === 'bun' ? '--preload' : '--import';
  const to = `${runner} ${flag} ${REGISTER} ${main ?? 'app.js'}`;
  if (scripts['start'] === undefined && main !== undefined)
    return [{ says: `"start": "${to}"`, script: { name: 'start', from: undefined, to } }];
  return [{ says: 'Start the application with the preload, for example:', code: to }];
}

function withPreload(script: string): string | undefined {
  for (const [command, flag] of PRELOADS) {
    const [found] = command.exec(script) ?? [];
    if (found !== undefined) return `${found}${flag} ${REGISTER} ${script.slice(found.length)}`;
  }
  return undefined;
}
