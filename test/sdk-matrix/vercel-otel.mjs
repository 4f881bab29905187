// What Next.js applications start with: `registerOTel` of @vercel/otel, bundled into CommonJS as Next bundles
// `instrumentation.ts`, with our processor beside an exporter of theirs. Both must get the spans.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { build } from 'esbuild';
import { startPostHog } from './listen.mjs';

const INSTRUMENTATION = `
  export async function register() {
    if (process.env.NEXT_RUNTIME === 'nodejs') await import('./instrumentation.node.js');
  }
`;
const INSTRUMENTATION_NODE = `
  import { registerOTel } from '@vercel/otel';
  import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
  import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';
  const processor = new PostHogLLMSpanProcessor({ flushOnTraceEnd: true });
  const theirs = new InMemorySpanExporter();
  registerOTel({ serviceName: 'shop', spanProcessors: [processor, new SimpleSpanProcessor(theirs)] });
  globalThis.beside = { exporter: processor.exporter, theirs };
`;
// A bundle of its own, as Next makes one for every route: module state is not shared, only OpenTelemetry's global API.
const ROUTE = `
  import { trace } from '@opentelemetry/api';
  import { setTrace, withTrace } from 'posthog-llm-exporter';
  const ATTRIBUTES = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
  export const GET = (user) => trace.getTracer('next.js').startActiveSpan('GET /', (request) =>
    withTrace({ user, metadata: { page: user } }, async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      setTrace({ sessionId: 'session_' + user });
      trace.getTracer('ai').startSpan('chat', { attributes: ATTRIBUTES }).end();
      request.end();
    }));
`;

for (const [marker, external] of [
  ['bundled', []],
  ['as serverExternalPackages', ['posthog-llm-exporter', 'undici']],
]) {
  test(`@vercel/otel, our package ${marker}`, async (t) => {
    const { events, url, close } = await startPostHog();
    t.after(close);
    process.env.POSTHOG_API_KEY = 'phc_matrix';
    process.env.POSTHOG_HOST = url;
    process.env.NEXT_RUNTIME = 'nodejs';
    // A second registration in one process would be refused.
    for (const key of Object.getOwnPropertySymbols(globalThis)) {
      if (String(key).includes('opentelemetry')) delete globalThis[key];
    }

    writeFileSync('instrumentation.js', INSTRUMENTATION);
    writeFileSync('instrumentation.node.js', INSTRUMENTATION_NODE);
    writeFileSync('route.js', ROUTE);
    const require = createRequire(import.meta.url);
    const outdir = `next-${external.length}`;
    // Next's bundlers know where a CommonJS module is; esbuild must be told.
    const here = {
      define: { 'import.meta.url': '__here' },
      banner: { js: "const __here = require('node:url').pathToFileURL(__filename).href;" },
    };
    const common = { ...here, bundle: true, minify: true, platform: 'node', format: 'cjs', external };
    for (const entry of ['instrumentation', 'route']) {
      await build({ ...common, entryPoints: [`${entry}.js`], outfile: `${outdir}/${entry}.cjs` });
    }
    await require(`./${outdir}/instrumentation.cjs`).register();
    const { GET } = require(`./${outdir}/route.cjs`);

    const users = Array.from({ length: 100 }, (_, number) => `user_${number}`);
    await Promise.all(users.map(GET));
    const { exporter, theirs } = globalThis.beside;
    const { complete } = await exporter.flushOnce();
    assert.ok(complete);
    assert.deepEqual(events.map(({ distinct_id }) => distinct_id).sort(), users.toSorted());
    for (const { distinct_id, properties: p } of events) {
      assert.equal(p.metadata_page, distinct_id);
      assert.equal(p.$ai_session_id, `session_${distinct_id}`);
      assert.equal(p['service.name'], 'shop');
    }
    const chats = theirs.getFinishedSpans().filter(({ name }) => name === 'chat');
    assert.equal(chats.length, 100);
    for (const { attributes } of chats) assert.equal(attributes['gen_ai.request.model'], 'gpt-4o');
    assert.ok(!JSON.stringify(chats.map(({ attributes }) => attributes)).includes('user_'));
  });
}
