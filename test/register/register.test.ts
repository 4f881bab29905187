import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import { type BuiltPackage, buildPackage, run } from '../cli/built-package.ts';
import { outputOf } from '../support/child-output.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';

/** Of the API that the tests run with. */
const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../../node_modules/@opentelemetry/api/package.json', import.meta.url), 'utf8'),
) as { version: string };

let built: BuiltPackage;
let posthog: LoopbackPostHog;
let openai: Server;
beforeAll(async () => {
  [built, posthog, openai] = await Promise.all([buildPackage(), startLoopbackPostHog(), startOpenAI()]);
  await mkdir(join(built.folder, 'app'));
  await writeFile(join(built.folder, 'app/package.json'), '{ "name": "shop" }');
});
afterAll(async () => {
  await Promise.all([built?.remove(), posthog?.close(), new Promise((resolve) => openai?.close(resolve))]);
});
let seen = 0;
beforeEach(() => {
  seen = posthog.events.length;
});
const events = () => posthog.events.slice(seen) as unknown as PostHogEvent[];

/** The answers that these tests need: one of a model, and that of one that is busy. */
async function startOpenAI(): Promise<Server> {
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if ((await text(request)).includes('"gpt-busy"')) {
      response.writeHead(429).end(JSON.stringify({ error: { message: 'Too many requests.' } }));
      return;
    }
    response.end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        model: 'gpt-4o-mini-2024-07-18',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Paris.' } }],
        usage: { prompt_tokens: 14, completion_tokens: 3, total_tokens: 17 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const FAILED = { $ai_is_error: true, $ai_http_status: 429 };
const CALL = `new OpenAI().chat.completions.create({
  model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'The capital of France?' }] })`;
const ESM = `import OpenAI from 'openai';\nconst answer = await ${CALL};\nconsole.log(answer.choices[0].message.content);\n`;
const CJS = `const OpenAI = require('openai');\n${CALL}.then((answer) => console.log(answer.choices[0].message.content));\n`;

interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface AppOptions {
  readonly env?: Record<string, string>;
  /** A module that is loaded before `register`. */
  readonly before?: string;
  readonly preload?: '--import' | '--require';
  readonly flags?: readonly string[];
}

/** Runs `node [--import before] --import register app` as a shell would; a source without a file by `-e`. */
async function runApp(
  file: string | undefined,
  source: string,
  { env = {}, before, preload = '--import', flags = [] }: AppOptions = {},
): Promise<Run> {
  const folder = join(built.folder, 'app');
  if (file) await writeFile(join(folder, file), source);
  if (before) await writeFile(join(folder, 'before.mjs'), before);
  const register =
    preload === '--import'
      ? pathToFileURL(join(built.folder, 'dist/register.js')).href
      : join(built.folder, 'dist/register.cjs');
  const child = spawn(
    process.execPath,
    [
      ...(before ? ['--import', pathToFileURL(join(folder, 'before.mjs')).href] : []),
      ...[...flags, preload, register],
      ...(file ? [join(folder, file)] : ['-e', source]),
    ],
    {
      cwd: folder,
      timeout: 60_000,
      env: {
        PATH: process.env['PATH'] ?? '',
        POSTHOG_API_KEY: 'phc_test_key',
        POSTHOG_HOST: posthog.url,
        OPENAI_API_KEY: 'sk-test',
        // Else every process loads all instrumentations of this repository.
        POSTHOG_LLM_INSTRUMENTATIONS: '@opentelemetry/instrumentation-openai',
        OPENAI_BASE_URL: `http://127.0.0.1:${(openai.address() as AddressInfo).port}/v1`,
        ...env,
      },
    },
  );
  return outputOf(child);
}

describe('node --import posthog-llm-exporter/register', () => {
  it.each([
    ['app.mjs', ESM],
    ['app.cjs', CJS],
  ])('sends the calls of %s, with their content, before the process ends', async (file, source) => {
    const { code, stdout, stderr } = await runApp(file, source, {
      env: { POSTHOG_LLM_INSTRUMENTATIONS: '' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Paris.\n' });
    expect(stderr.split('\n').filter((line) => line.startsWith('posthog-llm-exporter'))).toEqual([
      expect.stringMatching(
        /sends to http:.* tracer provider of its own; @opentelemetry\/instrumentation-openai \(openai 6[.\d]+\)/,
      ),
    ]);
    expect(events()).toMatchObject([
      {
        event: '$ai_generation',
        properties: {
          $ai_model: 'gpt-4o-mini-2024-07-18',
          $ai_input: [{ role: 'user', content: 'The capital of France?' }],
          $ai_output_choices: [{ role: 'assistant', content: 'Paris.' }],
          $ai_input_tokens: 14,
          'service.name': 'shop',
        },
      },
    ]);
  });

  // Two of them never end the span of such a call: docs/instrumentations.md says so, until they do.
  it.each([
    ['@opentelemetry/instrumentation-openai', [{ event: '$ai_generation', properties: FAILED }]],
    ['@arizeai/openinference-instrumentation-openai', []],
    ['@traceloop/instrumentation-openai', []],
  ])('leaves the application the error of a call that fails: %s', async (instrumentation, sent) => {
    const source = `import OpenAI from 'openai';
      const messages = [{ role: 'user', content: 'The capital of France?' }];
      await new OpenAI({ maxRetries: 0 }).chat.completions.create({ model: 'gpt-busy', messages }).catch((error) =>
        console.log(error.constructor.name, error.status));`;
    const { code, stdout, stderr } = await runApp('busy.mjs', source, {
      env: { POSTHOG_LLM_INSTRUMENTATIONS: instrumentation },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'RateLimitError 429\n' });
    expect(events()).toMatchObject(sent);
    if (sent.length === 0) expect(stderr).toContain(`1 span of ${instrumentation} had not ended at the end`);
    else expect(stderr).not.toContain('had not ended');
  });

  // The 61st turn's attributes are beyond the limit of the SDK, and the answer's come last.
  it.each([
    [
      '@arizeai/openinference-instrumentation-openai',
      /the SDK threw away \d+ attributes, .* raise OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT/,
    ],
    ['@traceloop/instrumentation-openai', /^(?!.*threw away)/s],
  ])(
    'keeps the answer and the tokens of a conversation of any length: %s',
    async (instrumentation, saidWhenCut) => {
      const lengths = [20, 61, 160];
      const source = `import OpenAI from 'openai';
        for (const turns of ${JSON.stringify(lengths)}) {
          const messages = Array.from({ length: turns }, (_, index) => ({
            role: index % 2 === 0 ? 'user' : 'assistant', content: 'turn ' + index }));
          await new OpenAI().chat.completions.create({ model: 'gpt-4o-mini', messages });
        }`;
      const { code } = await runApp('long.mjs', source, {
        env: { POSTHOG_LLM_INSTRUMENTATIONS: instrumentation },
      });
      expect(code).toBe(0);
      const told = events().map(({ properties }) => ({
        turns: (properties['$ai_input'] as unknown[] | undefined)?.length,
        tokens: [properties['$ai_input_tokens'], properties['$ai_output_tokens']],
        answer: (properties['$ai_output_choices'] as { content?: unknown }[] | undefined)?.[0]?.content,
      }));
      expect(told).toEqual(lengths.map((turns) => ({ turns, tokens: [14, 3], answer: 'Paris.' })));

      const { stderr } = await runApp('long.mjs', source, {
        env: {
          POSTHOG_LLM_INSTRUMENTATIONS: instrumentation,
          OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '128',
        },
      });
      expect(stderr).toMatch(saidWhenCut);
    },
  );

  it('withholds content in privacy mode, and says nothing when that is set', async () => {
    const { stderr } = await runApp('app.mjs', ESM, {
      env: { POSTHOG_PRIVACY_MODE: 'true', OTEL_LOG_LEVEL: 'none' },
    });
    expect(stderr).not.toContain('posthog-llm-exporter');
    expect(events()).toHaveLength(1);
    expect(JSON.stringify(events())).not.toMatch(/Paris|France/);
  });

  it('exports what was started, for an application that ends by process.exit()', async () => {
    const { code, stdout } = await runApp(
      'exports.mjs',
      `${ESM}
      const { exporter, flush } = await import('${pathToFileURL(join(built.folder, 'dist/register.js')).href}');
      await flush();
      console.log(exporter.stats().delivered);
      process.exit(3);`,
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'Paris.\n1\n' });
    expect(events()).toHaveLength(1);
  });

  it('delivers on a signal, and lets it end the process as without us', async () => {
    const source = ESM.replace(
      /console\.log.*/,
      'setInterval(() => {}, 1000); process.kill(process.pid, "SIGTERM");',
    );
    const { signal } = await runApp('app.mjs', source);
    expect(signal).toBe('SIGTERM');
    expect(events()).toHaveLength(1);
  });

  it('leaves the end to an application that handles signals itself', async () => {
    const source = ESM.replace(
      /console\.log.*/,
      `process.on('SIGTERM', () => setTimeout(() => process.exit(7), 4_000));
       setInterval(() => {}, 1000); process.kill(process.pid, 'SIGTERM');`,
    );
    const { code } = await runApp('app.mjs', source);
    expect(code).toBe(7);
    expect(events()).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a flawed configuration', { POSTHOG_API_KEY: 'phx_personal' }, /sends nothing\..*personal API key/s],
    ['OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'true' }, /off \(OTEL_SDK_DISABLED\)/],
    ['no instrumentation', { POSTHOG_LLM_INSTRUMENTATIONS: 'none' }, /no instrumentation found/],
    ['an unknown one', { POSTHOG_LLM_INSTRUMENTATIONS: 'x' }, /x is unknown to POSTHOG_LLM_INSTRUMENTATIONS/],
  ])('lets the application run with %s', async (_name, env, message) => {
    const { code, stdout, stderr } = await runApp('app.mjs', ESM, { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Paris.\n' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('phx_personal');
    expect(events()).toEqual([]);
  });

  it('says what to do when the application has a provider that takes no more processors', async () => {
    const before = `import { trace } from '@opentelemetry/api';
      import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
      trace.setGlobalTracerProvider(new BasicTracerProvider());`;
    const { code, stderr } = await runApp('app.mjs', ESM, { before });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'sends nothing: the tracer provider of the application takes no more span processors: add new',
    );
  });

  it.each<[string, string | undefined, string, '--import' | '--require']>([
    [
      'CommonJS that uses import()',
      'dynamic.cjs',
      `import('openai').then(({ default: OpenAI }) => ${CALL});`,
      '--import',
    ],
    ['--require before CommonJS', 'app.cjs', CJS, '--require'],
    ['--require before ES modules', 'app.mjs', ESM, '--require'],
    ['-e', undefined, CJS, '--import'],
    [
      'a worker thread',
      'worker.mjs',
      `import { Worker } from 'node:worker_threads'; new Worker(new URL('./app.mjs', import.meta.url));`,
      '--import',
    ],
  ])('works with %s', async (_name, file, source, preload) => {
    await writeFile(join(built.folder, 'app/app.mjs'), ESM);
    const { code, stderr } = await runApp(file, source, { preload });
    expect(code).toBe(0);
    expect(stderr.match(/sends to/g)).toHaveLength(1);
    expect(events()).toMatchObject([{ properties: { $ai_output_choices: [{ content: 'Paris.' }] } }]);
  });

  it.each(['--import', '--require'] as const)(
    'stands beside a loader of the application, with %s',
    async (preload) => {
      const loader = 'export const resolve = (specifier, context, next) => next(specifier, context);';
      const flags = ['--experimental-loader', `data:text/javascript,${encodeURIComponent(loader)}`];
      const { code } = await runApp('app.mjs', ESM, { preload, flags });
      expect(code).toBe(0);
      expect(events()).toHaveLength(1);
    },
  );

  it('patches what the application imports, where require gives a copy of it, as under tsx', async () => {
    const folder = join(built.folder, 'tsx');
    await mkdir(folder, { recursive: true });
    const copies = `require('node:module')._extensions['.mjs'] = (module) => {
      module.exports = { default: class {}, OpenAI: class {} };
    };`;
    await writeFile(join(folder, 'preflight.cjs'), copies);
    const { code, stdout } = await runApp('copied.mjs', ESM, {
      flags: ['--require', join(folder, 'preflight.cjs')],
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Paris.\n' });
    expect(events()).toHaveLength(1);
  });

  it.each(['npm-cli.js', 'npx-cli.js', 'pnpm.cjs', 'yarn.js', 'corepack.js'])(
    'does nothing and says nothing inside %s',
    async (file) => {
      expect(await runApp(file, 'console.log(1)')).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
    },
  );

  it('passes over an instrumentation that is not for the installed version, and says which one it uses', async () => {
    await fakePackage('openai', { version: '7.59.0', main: 'index.js' }, 'module.exports = {};');
    try {
      const { stderr } = await runApp('idle.cjs', '', { env: { POSTHOG_LLM_INSTRUMENTATIONS: '' } });
      expect(stderr).toMatch(
        /@opentelemetry\/instrumentation-openai is for openai >=4\.19\.0 <7; 7\.59\.0 is installed; .*(using @arizeai|not usable)/,
      );
    } finally {
      await rm(join(built.folder, 'app/node_modules'), { recursive: true });
    }
  });

  it.each([
    ['', 'ours'],
    ['globalThis.AI_SDK_TELEMETRY_INTEGRATIONS.push({ tracer: { startSpan() {} } });', ''],
  ])('registers the telemetry of AI SDK 7, unless the application does: %s', async (own, called) => {
    // As `ai` calls what is registered, and `@ai-sdk/otel` makes a span of it.
    await fakePackage(
      'ai',
      { version: '7.0.1', type: 'module', exports: './index.js' },
      `export const generate = () => {
        for (const one of globalThis.AI_SDK_TELEMETRY_INTEGRATIONS ?? []) one.onStart?.bind(one)('event');
      };`,
    );
    await fakePackage(
      '@ai-sdk/otel',
      { version: '1.0.1', type: 'module', exports: { '.': { import: './index.js' } } },
      `import { trace } from '@opentelemetry/api';
      console.log('loaded');
      export class OpenTelemetry {
        tracer = trace.getTracer('gen_ai');
        onStart() {
          console.log('ours');
          const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
          this.tracer.startSpan('chat m', { attributes }).end();
        }
      }`,
    );
    try {
      const source = `import { generate } from 'ai';\n${own}\nconsole.log('start');\ngenerate();\ngenerate();`;
      const env = { POSTHOG_LLM_INSTRUMENTATIONS: '@ai-sdk/otel' };
      const { stdout, stderr } = await runApp('ai.mjs', source, { env });
      expect(stdout).toBe(called === '' ? 'start\n' : 'start\nloaded\nours\nours\n');
      expect(events()).toHaveLength(called === '' ? 0 : 2);
      expect(stderr).toContain('@ai-sdk/otel (ai 7.0.1)');
    } finally {
      await rm(join(built.folder, 'app/node_modules'), { recursive: true });
    }
  });

  it('says what is missing where nothing records the calls of a library that is used', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bare-app-'));
    await writeFile(join(folder, 'package.json'), '{ "dependencies": { "openai": "^7" } }');
    await mkdir(join(folder, 'node_modules/openai'), { recursive: true });
    await writeFile(
      join(folder, 'node_modules/openai/package.json'),
      '{ "name": "openai", "version": "7.1.0" }',
    );
    const { stderr } = await run(
      process.execPath,
      ['--import', pathToFileURL(join(built.folder, 'dist/register.js')).href, '-e', '0'],
      { cwd: folder, env: { POSTHOG_API_KEY: 'phc_x', POSTHOG_HOST: posthog.url } },
    );
    await rm(folder, { recursive: true });
    expect(stderr).toContain('with a tracer provider of its own; no instrumentation found');
    expect(stderr).toContain(
      'openai 7.1.0 is installed, and nothing records its calls; npm install @arizeai/openinference-instrumentation-openai',
    );
  });
});

describe('an application with an SDK of its own', () => {
  const OWN = (processors: string) => `
    import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
    import { trace } from '@opentelemetry/api';
    import { PostHogLLMSpanProcessor } from 'DIST';
    const early = trace.getTracer('early');
    const memory = new tracing.InMemorySpanExporter();
    const simple = new tracing.SimpleSpanProcessor(memory);
    const sdk = new NodeSDK({ spanProcessors: [simple, ${processors}], metricReaders: [] });
    sdk.start();
    early.startSpan('early').end();
    trace.getTracer('t').startSpan('late').end();
    ${ESM}
    await new Promise((resolve) => setTimeout(resolve, 300));
    await simple.forceFlush();
    console.log(memory.getFinishedSpans().map(({ name }) => name).join());
    await sdk.shutdown();`;
  const source = (processors = '') =>
    OWN(processors).replace('DIST', pathToFileURL(join(built.folder, 'dist/index.js')).href);

  it('keeps its tracing when it starts later, and gets to know what to add', async () => {
    const { stdout, stderr } = await runApp('own.mjs', source());
    expect(stdout).toBe('Paris.\nearly,late,chat gpt-4o-mini\n');
    expect(stderr).toContain('sends nothing from now on: the application has registered a tracer provider');
    expect(stderr).toContain('add new PostHogLLMSpanProcessor()');
    expect(events()).toEqual([]);
  });

  it('sends each call once when it has added it', async () => {
    const { stderr } = await runApp('own.mjs', source('new PostHogLLMSpanProcessor()'));
    expect(stderr).toContain('leaves it to the application');
    expect(events().filter(({ event }) => event === '$ai_generation')).toHaveLength(1);
  });

  it.each<[string, string, string, RegExp]>([
    ['of the same version', VERSION, 'early,late', /sends nothing from now on: .*add new PostHogLLMSpanPro/],
    ['of another version', '1.2.3', '', /another version of @opentelemetry\/api/],
  ])(
    'keeps its tracing in a bundle with an API %s, or a line says why not',
    async (_, version, names, said) => {
      await bundleApp('bundled.mjs', source().replace(ESM, ''), version);
      const { stdout, stderr } = await runApp('run.mjs', `await import('./bundled.mjs');`);
      expect(stdout).toBe(`${names}\n`);
      expect(stderr).toMatch(said);
    },
  );

  it.each(['before', 'after'])(
    'of version 1 gets the processor when it registers its provider %s us',
    async (order) => {
      const provider = `
      import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from 'sdk-trace-base-1';
      globalThis.memory = new InMemorySpanExporter();
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] }).register();`;
      const app = `${ESM}\nconsole.log(memory.getFinishedSpans().length);`;
      const { stdout } =
        order === 'before'
          ? await runApp('own.mjs', app, { before: provider })
          : await runApp('own.mjs', `${provider}\n${app}`);
      expect(stdout).toBe('Paris.\n1\n');
      expect(events()).toHaveLength(1);
    },
  );
});

/** Everything in one file, OpenTelemetry's API included, which says that it is of `version`. */
async function bundleApp(file: string, source: string, version: string): Promise<void> {
  const folder = join(built.folder, 'app');
  const input = join(folder, `source-of-${file}`);
  await writeFile(input, source);
  const bundle = await rolldown({
    ...{ input, platform: 'node', logLevel: 'silent' },
    plugins: [
      {
        name: 'version-of-the-api',
        transform: (code, id) =>
          /@opentelemetry.api.build.*version\.js$/.test(id) ? code.replace(VERSION, version) : undefined,
      },
    ],
  });
  await bundle.write({ file: join(folder, file), format: 'esm', minify: true, codeSplitting: false });
  await bundle.close();
}

/** A package in the application's own folder, where it hides the one of this repository. */
async function fakePackage(name: string, manifest: object, source: string): Promise<void> {
  const folder = join(built.folder, 'app/node_modules', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, ...manifest }));
  await writeFile(join(folder, 'index.js'), source);
}
