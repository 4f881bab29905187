// Applications that configure no logger: what they see on standard error, in a process of their own.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPackage, buildPackage, run } from '../cli/built-package.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';

let built: BuiltPackage;
beforeAll(async () => {
  built = await buildPackage();
});
afterAll(() => built.remove());

const APPLICATION = `
import { diag } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { PostHogLLMSpanProcessor } from './dist/index.js';

const lines = [];
const options = JSON.parse(process.argv[2]);
if (process.argv[3] === 'diag') {
  const say = (line) => lines.push(line);
  diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say });
}
for (let round = 0; round < 2; round += 1) {
  const processor = new PostHogLLMSpanProcessor(options);
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.input.messages': '[]' };
  provider.getTracer('app').startSpan('secret prompt', { attributes }).end();
  provider.getTracer('app').startSpan('GET /').end();
  await provider.shutdown();
}
console.log(JSON.stringify(lines));
`;

async function runApplication(options: object, { env = {}, diag = false } = {}) {
  const script = join(built.folder, 'application.mjs');
  await writeFile(script, APPLICATION);
  const argv = [script, JSON.stringify(options), ...(diag ? ['diag'] : [])];
  const { stdout, stderr } = await run(process.execPath, argv, {
    env: { PATH: process.env['PATH'], ...env },
  });
  return {
    lines: JSON.parse(stdout) as string[],
    stderr: stderr.trim() === '' ? [] : stderr.trim().split('\n'),
  };
}

const KEY = 'phc_wrong_key_of_an_application_0000000000';

describe('without a logger', () => {
  it('a wrong key is said once, with address and next step, and without the key', async () => {
    const posthog = await loopbackOfTest({ captureKeyCheck: 'enforce', knownKeys: ['phc_other'] });
    const { stderr } = await runApplication({ apiKey: KEY, endpoint: posthog.url });
    const { host } = new URL(posthog.url);
    expect(stderr).toEqual([
      `posthog-llm-exporter: 1 event was lost (unauthorized: 1): ${host}: status 401: PostHog does not know this key: run "npx posthog-llm-exporter check"`,
    ]);
  });

  it('a host that is not there, and an odd configuration, are said once each', async () => {
    const { stderr } = await runApplication({
      apiKey: KEY,
      endpoint: 'http://127.0.0.1:9',
      maxRetries: 0,
      colour: 'blue',
    });
    expect(stderr).toEqual([
      'posthog-llm-exporter: The option "colour" is unknown and has no effect.',
      expect.stringMatching(
        /lost \(network: 1\): 127.0.0.1:9: .*ECONNREFUSED.*npx posthog-llm-exporter check/,
      ),
    ]);
  });

  it('a spool that cannot be written is said with the name of the package as well', async () => {
    const { stderr } = await runApplication({
      apiKey: KEY,
      endpoint: 'http://127.0.0.1:9',
      maxRetries: 0,
      spool: { directory: join(built.folder, 'application.mjs', 'spool') },
    });
    expect(stderr).toEqual([
      expect.stringMatching(/^posthog-llm-exporter: The spool directory .* cannot be .*\(ENOTDIR\)\.$/),
      expect.stringMatching(/^posthog-llm-exporter: 1 event was lost \(network: 1\)/),
    ]);
  });

  it('nothing is said when all is well, or when it is to be silent', async () => {
    const posthog = await loopbackOfTest();
    const wrong = { apiKey: KEY, endpoint: 'http://127.0.0.1:9', maxRetries: 0, colour: 'blue' };
    expect((await runApplication({ apiKey: KEY, endpoint: posthog.url })).stderr).toEqual([]);
    expect((await runApplication({ ...wrong, logger: false })).stderr).toEqual([]);
    expect((await runApplication(wrong, { env: { OTEL_LOG_LEVEL: 'none' } })).stderr).toEqual([]);
  });

  it('a logger of diag gets everything, each time', async () => {
    const wrong = { apiKey: KEY, endpoint: 'http://127.0.0.1:9', maxRetries: 0 };
    const { stderr, lines } = await runApplication(wrong, { diag: true });
    expect(stderr).toEqual([]);
    expect(lines.filter((line) => line.includes('event was lost'))).toHaveLength(2);
  });

  it('says no URL that may hold a key', async () => {
    const posthog = await loopbackOfTest();
    const { stderr } = await runApplication(
      { apiKey: KEY, endpoint: `${posthog.url}/proxy/secret-of-the-path` },
      { env: { POSTHOG_LLM_DEBUG: '1' } },
    );
    expect(stderr.join('\n')).toMatch(/POST http:\/\/127.0.0.1:\d+\/…\/i\/v0\/ai\/batch\/: 1 events/);
    expect(stderr.join('\n')).not.toMatch(/secret-of-the-path|phc_/);
  });

  it('debug says each request and each span, without what was said', async () => {
    const posthog = await loopbackOfTest();
    const { stderr } = await runApplication(
      { apiKey: KEY, endpoint: posthog.url, uiHost: 'https://ph.example' },
      { env: { POSTHOG_LLM_DEBUG: '1' } },
    );
    const text = stderr.join('\n');
    expect(text).toMatch(
      /span [0-9a-f]{16} of trace ([0-9a-f]{32}) \(gen-ai, generation gpt-4o\): \$ai_generation [0-9a-f-]{36}, \d+ bytes, https:\/\/ph\.example\/ai-observability\/traces\/\1$/m,
    );
    expect(text).toMatch(
      /POST http:\/\/127.0.0.1:\d+\/i\/v0\/ai\/batch\/: 1 events, \d+ bytes, status 200: delivered, \d+ ms/,
    );
    expect(text).not.toMatch(/secret prompt|phc_/);
    expect(stderr).toHaveLength(4);
  });
});
