import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import { type BuiltPackage, buildPackage } from '../cli/built-package.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';

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

/** The one answer that these tests need. */
async function startOpenAI(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
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

/** Runs `node [--import before] --import register app` as a shell would. */
async function runApp(
  file: string,
  source: string,
  env: Record<string, string> = {},
  before?: string,
): Promise<Run> {
  const folder = join(built.folder, 'app');
  await writeFile(join(folder, file), source);
  if (before) await writeFile(join(folder, 'before.mjs'), before);
  const imports = [...(before ? [join(folder, 'before.mjs')] : []), join(built.folder, 'dist/register.js')];
  const child = spawn(
    process.execPath,
    [...imports.flatMap((path) => ['--import', pathToFileURL(path).href]), join(folder, file)],
    {
      cwd: folder,
      timeout: 20_000,
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
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

describe('node --import posthog-llm-exporter/register', () => {
  it.each([
    ['app.mjs', ESM],
    ['app.cjs', CJS],
  ])('sends the calls of %s, with their content, before the process ends', async (file, source) => {
    const { code, stdout, stderr } = await runApp(file, source, { POSTHOG_LLM_INSTRUMENTATIONS: '' });
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

  it('withholds content in privacy mode, and says nothing when told so', async () => {
    const { stderr } = await runApp('app.mjs', ESM, { POSTHOG_PRIVACY_MODE: 'true', OTEL_LOG_LEVEL: 'none' });
    expect(stderr).not.toContain('posthog-llm-exporter');
    expect(events()).toHaveLength(1);
    expect(JSON.stringify(events())).not.toMatch(/Paris|France/);
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
      `process.on('SIGTERM', () => setTimeout(() => process.exit(7), 500));
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
    const { code, stdout, stderr } = await runApp('app.mjs', ESM, env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Paris.\n' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('phx_personal');
    expect(events()).toEqual([]);
  });

  it('says what to do when the application has a provider that takes no more processors', async () => {
    const before = `import { trace } from '@opentelemetry/api';
      import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
      trace.setGlobalTracerProvider(new BasicTracerProvider());`;
    const { code, stderr } = await runApp('app.mjs', ESM, {}, before);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'sends nothing: the tracer provider of the application takes no more span processors: add new',
    );
  });
});
