// A real Next.js application, built and started, with the files of docs/nextjs.md: our processor behind @vercel/otel, a
// route in a bundle of its own, a flush after the answer.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { PostHogLLMSpanExporter } from 'posthog-llm-exporter';
import { startPostHog } from './listen.mjs';

const FILES = {
  // A way to PostHog for others, which Next.js redirects to take the slash off.
  'next.config.mjs': `
    export default {
      rewrites: async () => [{ source: '/ingest/:path*', destination: process.env.POSTHOG_HOST + '/:path*' }],
    };
  `,
  'instrumentation.js': `
    export async function register() {
      if (process.env.NEXT_RUNTIME === 'nodejs') await import('./instrumentation.node.js');
    }
  `,
  'instrumentation.node.js': `
    import { registerOTel } from '@vercel/otel';
    import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';
    const processor = new PostHogLLMSpanProcessor();
    registerOTel({ serviceName: 'shop', spanProcessors: ['auto', processor] });
    globalThis.posthogExporter = processor.exporter;
  `,
  'app/layout.js': `
    export default function Layout({ children }) {
      return <html><body>{children}</body></html>;
    }
  `,
  'app/page.js': `
    export default function Page() {
      return <p>Shop</p>;
    }
  `,
  'app/api/advice/route.js': `
    import { trace } from '@opentelemetry/api';
    import { after } from 'next/server';
    import { withTrace } from 'posthog-llm-exporter';
    const answer = (question) =>
      trace.getTracer('ai').startActiveSpan('chat gpt-4o', async (span) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        span.setAttributes({
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: question }] }]),
        });
        span.end();
        return 'A poncho.';
      });
    export async function POST(request) {
      const { user, question } = await request.json();
      after(() => globalThis.posthogExporter?.flushOnce());
      return withTrace({ user }, async () => Response.json({ text: await answer(question) }));
    }
  `,
};

const NEXT = ['node_modules/next/dist/bin/next'];

for (const bundler of ['--webpack', '--turbopack']) {
  test(`Next.js, ${bundler}`, async (t) => {
    const { events, url, close } = await startPostHog();
    t.after(close);
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      POSTHOG_API_KEY: 'phc_matrix',
      POSTHOG_HOST: url,
    };
    mkdirSync('app/api/advice', { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(name, text);
    execFileSync(process.execPath, [...NEXT, 'build', bundler], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });

    const started = spawn(process.execPath, [...NEXT, 'start', '--port', '0'], { env });
    t.after(async () => {
      if (started.kill()) await once(started, 'exit');
    });
    const shop = await addressOf(started);
    const users = Array.from({ length: 50 }, (_, number) => `user_${number}`);
    const answers = await Promise.all(
      users.map(async (user) => {
        const body = JSON.stringify({ user, question: `What shall ${user} wear?` });
        const response = await fetch(`${shop}/api/advice`, { method: 'POST', body });
        return (await response.json()).text;
      }),
    );
    assert.deepEqual(new Set(answers), new Set(['A poncho.']));
    for (let waited = 0; events.length < users.length && waited < 100; waited++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.deepEqual(events.map(({ distinct_id }) => distinct_id).sort(), users.toSorted());
    for (const { event, distinct_id, properties: p } of events) {
      assert.equal(event, '$ai_generation');
      assert.equal(p.$ai_input[0].content, `What shall ${distinct_id} wear?`);
      assert.equal(p['service.name'], 'shop');
      // The spans of Next.js above it are not sent.
      assert.equal(p.$ai_parent_id, p.$ai_trace_id);
    }

    const redirected = await fetch(`${shop}/ingest/batch/`, {
      method: 'POST',
      redirect: 'manual',
      body: '{}',
    });
    assert.equal(redirected.status, 308);
    const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_matrix', endpoint: `${shop}/ingest` });
    const { code } = await new Promise((done) => exporter.export([spanOfModelCall()], done));
    assert.deepEqual([code, events.length], [0, users.length + 1]);
  });
}

function spanOfModelCall() {
  const nothing = { events: [], links: [], resource: { attributes: {} } };
  const context = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
  return {
    ...{ name: 'chat gpt-4o', kind: 2, status: { code: 0 }, ended: true, duration: [1, 0] },
    ...{ startTime: [1_790_000_000, 0], endTime: [1_790_000_001, 0], spanContext: () => context },
    ...{ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' }, ...nothing },
    instrumentationScope: { name: 'shop' },
  };
}

/** What `next start` says once it listens. Its output is read to the end: a pipe that is closed would end the process. */
function addressOf(started) {
  return new Promise((resolve, reject) => {
    let said = '';
    started.stdout.on('data', (chunk) => {
      said += chunk;
      const address = /http:\/\/localhost:(\d+)/.exec(said);
      if (address) resolve(`http://127.0.0.1:${address[1]}`);
    });
    started.stderr.resume();
    started.once('exit', () => reject(new Error(`next start ended: ${said}`)));
  });
}
