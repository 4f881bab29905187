// Bundled into one file, as for a function of a cloud: nothing may be looked up on disk at run time.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { build } from 'esbuild';

const HANDLER = `
  import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
  import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';
  const processor = new PostHogLLMSpanProcessor({ flushOnTraceEnd: true });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  export async function handler() {
    const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
    provider.getTracer('t').startSpan('chat', { attributes }).end();
    await processor.forceFlush();
    return processor.exporter.stats();
  }
`;
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

for (const [format, file, banner] of [
  ['cjs', 'bundle/out.cjs', ''],
  ['esm', 'bundle/out.mjs', REQUIRE],
]) {
  test(`bundled as ${format}`, async (t) => {
    const server = createServer((request, response) => request.resume().on('end', () => response.end('{}')));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    writeFileSync('handler.js', HANDLER);
    const common = { bundle: true, minify: true, platform: 'node', target: 'node20', logLevel: 'error' };
    await build({ ...common, entryPoints: ['handler.js'], format, outfile: file, banner: { js: banner } });
    process.env.POSTHOG_API_KEY = 'phc_matrix';
    process.env.POSTHOG_HOST = `http://127.0.0.1:${server.address().port}`;
    const { handler } = await import(new URL(file, import.meta.url));
    for (const seen of [1, 2]) {
      const stats = await handler();
      assert.deepEqual([stats.seen, stats.delivered], [seen, seen]);
    }
  });
}
