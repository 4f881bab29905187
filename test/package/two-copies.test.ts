import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPackage, buildPackage, run } from '../cli/built-package.ts';
import { startLoopbackPostHog } from '../support/loopback-posthog.ts';

let built: BuiltPackage;

beforeAll(async () => {
  built = await buildPackage();
});

afterAll(() => built.remove());

/** An application that has the package as an ES module and as a CommonJS module, as happens when its own dependencies use it. */
const APPLICATION = `
import { createRequire } from 'node:module';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import * as esm from './dist/index.js';
const cjs = createRequire(import.meta.url)('./dist/index.cjs');
if (esm.withTrace === cjs.withTrace) throw new Error('one copy only');

const [made, used] = process.argv[2] === 'esm' ? [esm, cjs] : [cjs, esm];
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const processor = new made.PostHogLLMSpanProcessor({ apiKey: 'phc_two_copies', endpoint: process.argv[3] });
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
const tracer = trace.getTracer('app');
const call = (name) =>
  tracer.startSpan(name, { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' } }).end();

used.withTrace({ user: 'with-trace' }, () => call('chat 1'));
tracer.startActiveSpan('request', (request) => {
  used.setTrace({ user: 'set-trace' });
  call('chat 2');
  request.end();
});
let error;
try { new made.PostHogLLMSpanExporter({ apiKey: 1 }); } catch (caught) { error = caught; }
if (!used.isPostHogLLMConfigError(error)) throw new Error('an error of another copy is not known');
await processor.shutdown();
`;

describe('two copies of the package in one process', () => {
  it.each(['esm', 'cjs'])('act as one, the processor being of the %s copy', async (maker) => {
    const posthog = await startLoopbackPostHog();
    try {
      const file = join(built.folder, `app-${maker}.mjs`);
      await writeFile(file, APPLICATION);
      await run(process.execPath, [file, maker, posthog.url], { cwd: built.folder });
      const users = posthog.events.map((event) => event['distinct_id']);
      expect(users.sort()).toEqual(['set-trace', 'with-trace']);
    } finally {
      await posthog.close();
    }
  });
});
