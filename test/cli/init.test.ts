import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { cli, KEY } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'posthog-llm-init-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let apps = 0;

/** An application on disk: files by path, and installed packages by name. */
function app(
  manifest: object,
  files: Record<string, string> = {},
  installed: Record<string, string> = {},
): string {
  apps += 1;
  const folder = join(root, `app-${apps}`);
  const packages = Object.entries(installed).map(([name, version]): [string, string] => [
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version }),
  ]);
  const all: Record<string, string> = {
    'package.json': `${JSON.stringify(manifest, null, 4)}\n`,
    ...files,
    ...Object.fromEntries(packages),
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');
const scriptsOf = (folder: string) => JSON.parse(read(folder, 'package.json')).scripts;

const EXPRESS = {
  type: 'module',
  scripts: { start: 'node server.js', test: 'node --test' },
  dependencies: { express: '^5.0.0', openai: '^7.0.0' },
};

describe('init', () => {
  it.each([
    ['npm', 'package-lock.json', 'npm install'],
    ['pnpm', 'pnpm-lock.yaml', 'pnpm add'],
    ['yarn', 'yarn.lock', 'yarn add'],
    ['bun', 'bun.lock', 'bun add'],
  ])('prints the one install line of %s', async (manager, lockFile, add) => {
    const folder = app(EXPRESS, { [lockFile]: '', 'server.js': '' }, { express: '5.1.0', openai: '7.59.0' });
    const { code, out, err } = await cli(['init', folder]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${manager} (${lockFile})`);
    expect(out).toContain('express 5.1.0');
    expect(out).toContain('openai 7.59.0');
    expect(out).toContain(
      `  ${add} posthog-llm-exporter @opentelemetry/api @arizeai/openinference-instrumentation-openai\n`,
    );
    expect(out).toContain('"start": "node --import posthog-llm-exporter/register server.js"');
    expect(out).toContain('Nothing was written; --write does it');
    expect(out).toContain('Set POSTHOG_API_KEY');
    expect(scriptsOf(folder)).toEqual(EXPRESS.scripts);
  });

  it('writes the start script, and nothing else of package.json, once', async () => {
    const folder = app(EXPRESS, { 'server.js': '' });
    const before = read(folder, 'package.json');
    await cli(['init', folder, '--write']);
    expect(read(folder, 'package.json')).toBe(
      before.replace('node server.js', 'node --import posthog-llm-exporter/register server.js'),
    );
    const again = await cli(['init', folder, '--write']);
    expect(again.out).toContain('The start script loads posthog-llm-exporter/register already.');
  });

  it.each([
    [{ dev: 'tsx watch src/app.ts' }, { dev: 'tsx watch --import posthog-llm-exporter/register src/app.ts' }],
    [{ start: 'bun run app.ts' }, { start: 'bun run --preload posthog-llm-exporter/register app.ts' }],
    [{ start: 'node .' }, { start: 'node --import posthog-llm-exporter/register .' }],
    [
      { start: 'cross-env NODE_ENV=production A= node -r dotenv/config app.js' },
      {
        start:
          'cross-env NODE_ENV=production A= node --import posthog-llm-exporter/register -r dotenv/config app.js',
      },
    ],
    [{ start: 'pm2 start app.js' }, { start: 'pm2 start app.js' }],
    [undefined, { start: 'node --import posthog-llm-exporter/register index.js' }],
  ])('starts %o with a preload', async (scripts, expected) => {
    const folder = app({ scripts, dependencies: { openai: '^6' } }, { 'index.js': '' });
    await cli(['init', folder, '--write']);
    expect(scriptsOf(folder)).toEqual(expected);
  });

  it('says what to do about a start that it cannot change, beside a script that it can', async () => {
    const scripts = { start: 'pm2 start app.js', dev: 'node --watch app.js' };
    const { out } = await cli(['init', app({ scripts, dependencies: { openai: '^6' } }, { 'app.js': '' })]);
    expect(out).toContain('"dev": "node --import posthog-llm-exporter/register --watch app.js"');
    expect(out).toContain('"start" runs "pm2 start app.js"; let Node load the preload there too:');
    expect(out).toContain('NODE_OPTIONS="--import posthog-llm-exporter/register"');
  });

  it('writes the files of Next.js in the language and folder of the application', async () => {
    const manifest = { dependencies: { next: '^16.0.0', ai: '^5.0.0', openai: '^7.0.0' } };
    const folder = app(manifest, { 'tsconfig.json': '{}', 'src/app/page.tsx': '' });
    const { out } = await cli(['init', folder, '--write']);
    expect(read(folder, 'src/instrumentation.ts')).toContain(`process.env.NEXT_RUNTIME === 'nodejs'`);
    expect(read(folder, 'src/instrumentation.node.ts')).toContain(`startPostHogLLM({ enabled: 'auto' });`);
    expect(out).toContain(`serverExternalPackages: ['posthog-llm-exporter', 'openai'],`);
    expect(out).toContain('experimental_telemetry: { isEnabled: true }');
  });

  it('leaves a file that exists, in whatever language, and shows what to add', async () => {
    const folder = app(
      { dependencies: { next: '^16.0.0' } },
      { 'instrumentation.js': '// mine\n', 'tsconfig.json': '{}' },
    );
    const { out } = await cli(['init', folder, '--write']);
    expect(read(folder, 'instrumentation.js')).toBe('// mine\n');
    expect(() => read(folder, 'instrumentation.ts')).toThrow();
    expect(out).toContain('there is such a file already: add this to it');
  });

  it('writes a file for NestJS', async () => {
    const manifest = { dependencies: { '@nestjs/core': '^11.0.0', '@anthropic-ai/sdk': '^1.0.0' } };
    const folder = app(manifest, { 'tsconfig.json': '{}', 'src/main.ts': '// mine\n' });
    const { out } = await cli(['init', folder, '--write']);
    expect(read(folder, 'src/posthog-llm.ts')).toContain(`startPostHogLLM({ enabled: 'auto' });`);
    expect(read(folder, 'src/main.ts')).toBe('// mine\n');
    expect(out).toContain(`import './posthog-llm';`);
    const again = await cli(['init', folder, '--write']);
    expect(again.out).toContain('src/posthog-llm.ts: Starts everything (is there already)');
    expect(out).toContain('@arizeai/openinference-instrumentation-anthropic');
  });

  it.each([
    ['module', 'src/posthog-llm.js', `import './posthog-llm.js';`],
    ['commonjs', 'src/posthog-llm.js', `require('./posthog-llm');`],
  ])('writes it for NestJS in JavaScript, type %s', async (type, file, code) => {
    const folder = app({ type, dependencies: { '@nestjs/core': '^11.0.0' } });
    const { out } = await cli(['init', folder, '--write']);
    expect(read(folder, file).startsWith(type === 'module' ? 'import ' : 'const ')).toBe(true);
    expect(out).toContain(code);
  });

  it.each([
    [
      '@opentelemetry/sdk-node',
      'new NodeSDK({ instrumentations });',
      'logRecordProcessors: [posthog.logRecordProcessor()]',
    ],
    ['@sentry/node', 'Sentry.init({ dsn });', 'openTelemetrySpanProcessors: [posthog]'],
    ['@vercel/otel', 'registerOTel({});', `spanProcessors: ['auto', posthog]`],
  ])('keeps %s, and says where to add the processor', async (name, setUp, code) => {
    const folder = app(
      { dependencies: { [name]: '*', openai: '^6.0.0' } },
      { 'lib/tracing.js': setUp },
      { [name]: '9.9.9' },
    );
    const { out } = await cli(['init', folder, '--write']);
    expect(out).toContain(`${name} 9.9.9, in lib/tracing.js`);
    expect(out).toContain('In lib/tracing.js, give it to the SDK:');
    expect(out).toContain(code);
    expect(read(folder, 'posthog-llm.js')).toContain(
      `exports.posthog = new PostHogLLMSpanProcessor({ enabled: 'auto' });`,
    );
    expect(read(folder, 'lib/tracing.js')).toBe(setUp);
    writeFileSync(join(folder, 'lib/tracing.js'), `import { posthog } from '../posthog-llm.js';\n${setUp}`);
    const again = await cli(['init', folder]);
    expect(again.out).toContain('lib/tracing.js gives the processor to the SDK already.');
    expect(again.out).not.toContain(code);
  });

  it('starts as if Sentry were not there, where that leaves OpenTelemetry to the application', async () => {
    const folder = app(
      { dependencies: { '@sentry/node': '^11.0.0', openai: '^6.0.0' }, scripts: { start: 'node index.js' } },
      { 'index.js': '' },
      { '@sentry/node': '11.12.0' },
    );
    const { out } = await cli(['init', folder]);
    expect(out).not.toContain('openTelemetrySpanProcessors');
    expect(out).toContain('node --import posthog-llm-exporter/register index.js');
  });

  it.each([
    ['^6.0.0', {}, 'experimental_telemetry'],
    ['^7.0.0', {}, 'npm install posthog-llm-exporter @opentelemetry/api @ai-sdk/otel'],
    ['^7.0.0', { '@opentelemetry/sdk-node': '^0.223.0' }, 'registerTelemetry(new OpenTelemetry());'],
  ])('knows how the AI SDK %s beside %j is set to record', async (declared, sdk, code) => {
    const { out } = await cli(['init', app({ dependencies: { ai: declared, ...sdk } }, { 'index.js': '' })]);
    expect(out).toContain(code);
    expect(out.includes('@ai-sdk/otel')).toBe(declared === '^7.0.0');
    expect(out.includes('registerTelemetry')).toBe('@opentelemetry/sdk-node' in sdk);
  });

  it('ends with check where there is a key', async () => {
    const posthog = await loopbackOfTest({ knownKeys: ['phc_another'] });
    const { code, out } = await cli(['init', app(EXPRESS), '--api-key', KEY, '--endpoint', posthog.url]);
    expect(code).toBe(1);
    expect(out).toMatch(/^Result +\S*key/m);
  });

  it('says when there is nothing to look at', async () => {
    expect(await cli(['init', root])).toMatchObject({
      code: 1,
      err: expect.stringContaining('has no package.json'),
    });
    const { out } = await cli(['init', app({})]);
    expect(out).toContain('No library that makes model calls is among the dependencies');
  });
});
