import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPackage, buildPackage } from '../cli/built-package.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { allBlocks, type CodeBlock, importedPackages, ROOT, readBlocks } from './code-blocks.ts';

interface StandIn {
  readonly url: string;
  close(): void;
}
type StartStandIn = () => Promise<StandIn>;

const standIn = async (path: string, name: string): Promise<StandIn> => {
  const made = (await import(join(ROOT, 'examples', path))) as Record<string, StartStandIn | undefined>;
  const start = made[name];
  if (!start) throw new Error(`${path} has no ${name}`);
  return start();
};

/** Blocks that are run as a program of several files; the first of each is loaded before the second. */
const PROGRAMS = [
  ['README.md', 'telemetry.mjs', 'app.mjs'],
  ['README.md', 'telemetry.mjs', 'users.mjs'],
  ['docs/anthropic.md', 'telemetry.mjs', 'app.mjs'],
] as const;

/** What a block may need that is not a program of its own, and where it is run instead. */
const RUN_ELSEWHERE = ['app.mjs', 'users.mjs', 'server.mjs'];

let built: BuiltPackage;
let posthog: LoopbackPostHog;
let openai: StandIn;
let anthropic: StandIn;
let collector: StandIn;

beforeAll(async () => {
  built = await buildPackage();
  posthog = await startLoopbackPostHog();
  openai = await standIn('demo/stand-ins/openai.js', 'startOpenAI');
  anthropic = await standIn('shared/stand-in-anthropic.js', 'startAnthropic');
  collector = await standIn('shared/stand-in-collector.js', 'startCollector');
});
afterAll(async () => {
  for (const each of [openai, anthropic, collector]) each.close();
  await posthog.close();
  await built.remove();
});

const KEPT = /^(PATH|HOME|TMPDIR|SYSTEMROOT|TEMP|TMP)$/i;

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  return {
    ...Object.fromEntries(kept),
    POSTHOG_API_KEY: 'phc_documentation',
    POSTHOG_HOST: posthog.url,
    OPENAI_API_KEY: 'sk-none',
    OPENAI_BASE_URL: openai.url,
    ANTHROPIC_API_KEY: 'sk-none',
    ANTHROPIC_BASE_URL: anthropic.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
}

/** A block as a file beside the built package; the comment of its first line names it. */
async function write(block: CodeBlock): Promise<string> {
  const folder = join(built.folder, block.page.replaceAll(/\W/g, '-'));
  await mkdir(folder, { recursive: true });
  const path = join(folder, block.file ?? `block-${block.line}.mjs`);
  await writeFile(path, block.text);
  return path;
}

function block(page: string, file: string): CodeBlock {
  const found = readBlocks(page).find((one) => one.file === file);
  if (!found) throw new Error(`${page} has no block ${file}`);
  return found;
}

async function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd: built.folder, env: environment(), timeout: 60_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('the code blocks of README and docs, run', () => {
  it.each(PROGRAMS)('%s: %s, then %s, sends a call', async (page, preload, app) => {
    const before = posthog.events.length;
    const [first, second] = [await write(block(page, preload)), await write(block(page, app))];
    const { code, output } = await run(['--import', first, second]);
    expect(code, output).toBe(0);
    const calls = posthog.events.slice(before).filter(({ event }) => event === '$ai_generation');
    expect(calls).toHaveLength(1);
    expect(JSON.stringify(calls)).toMatch(/jacket|snow/);
  });

  it('README.md: the picture of an event is what arrives', async () => {
    const before = posthog.events.length;
    const app = await write({ ...block('README.md', 'app.mjs'), file: 'picture.mjs' });
    const scope = `import { withTrace } from 'posthog-llm-exporter';
      await withTrace({ user: 'user_123', sessionId: 'chat_7' }, () => import(${JSON.stringify(app)}));`;
    const scoped = await write({ ...block('README.md', 'app.mjs'), file: 'scoped.mjs', text: scope });
    await run(['--import', await write(block('README.md', 'telemetry.mjs')), scoped]);
    const [picture] = readBlocks('README.md').filter(({ language }) => language === 'json');
    expect(posthog.events.slice(before)).toMatchObject([JSON.parse(picture?.text ?? '')]);
  });

  it('docs/zero-code.md: the start without code', async () => {
    const before = posthog.events.length;
    const app = await write(block('README.md', 'app.mjs'));
    const { output } = await run(['--import', 'posthog-llm-exporter/register', app]);
    expect(output).toContain('posthog-llm-exporter: sends to http://127.0.0.1');
    expect(posthog.events.slice(before).map(({ event }) => event)).toEqual(['$ai_generation']);
  });

  it('docs/trace-metadata.md: the server, until SIGTERM', async () => {
    const before = posthog.events.length;
    const port = await freePort();
    const telemetry = await write(block('README.md', 'telemetry.mjs'));
    const server = await write(block('docs/trace-metadata.md', 'server.mjs'));
    const child = spawn(process.execPath, ['--import', telemetry, server], {
      cwd: built.folder,
      env: { ...environment(), PORT: String(port) },
    });
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/?user=user_9&chat=c1&question=jackets`).then(
        (answer) => answer.text(),
        () => '',
      );
    while ((await ask()) === '') await setTimeout(50);
    child.kill('SIGTERM');
    await once(child, 'close');
    const [call] = posthog.events.slice(before);
    expect(call).toMatchObject({
      distinct_id: 'user_9',
      properties: { $ai_session_id: 'c1', metadata_plan: 'pro' },
    });
  });

  const alone = allBlocks().filter(
    (one) =>
      one.language === 'js' &&
      !RUN_ELSEWHERE.includes(one.file ?? '') &&
      importedPackages(one).every((name) => name === 'posthog-llm-exporter' || isInstalled(name)) &&
      !one.text.includes('registerTelemetry'),
  );
  it.each(alone.map((one) => [`${one.page}:${one.line}`, one] as const))('%s runs', async (_where, one) => {
    for (const other of readBlocks(one.page)) if (other.language === 'js') await write(other);
    const { code, output } = await run([await write(one)]);
    // What a block calls in a network of its own does not exist here.
    if (!one.text.includes('.internal/')) expect(code, output).toBe(0);
    expect(output).not.toMatch(
      /ReferenceError|SyntaxError|PostHogLLMConfigError|is not a function|is dropped/,
    );
  });
});

function isInstalled(name: string): boolean {
  return existsSync(join(ROOT, 'node_modules', name));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
