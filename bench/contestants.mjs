// Everything that can be measured. Each has `export`, which resolves when the spans are delivered, and `shutdown`;
// a span exporter or processor of its own where there is one.
import { createFloor } from './floor.mjs';

/** As a promise that rejects when the exporter reports a failure. */
function promised(exporter) {
  return (spans) =>
    new Promise((resolve, reject) => {
      exporter.export(spans, ({ code, error }) =>
        code === 0 ? resolve() : reject(error ?? new Error('failed')),
      );
    });
}

function fromExporter(spanExporter) {
  return { spanExporter, export: promised(spanExporter), shutdown: () => spanExporter.shutdown() };
}

async function ours(url, compression, build = '../dist/index.js') {
  const { PostHogLLMSpanExporter, PostHogLLMSpanProcessor } = await import(build);
  const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_bench', endpoint: url, compression });
  return {
    ...fromExporter(exporter),
    makeProcessor: (own) => new PostHogLLMSpanProcessor({ exporter: own }),
  };
}

/** Peers are installed apart, by `npm run bench:peers`. */
const peer = (name) => import(new URL(`./peers/entry-${name}.mjs`, import.meta.url).href);

/** It takes the others for spans that are not of AI, and sends nothing. */
const POSTHOG_AI_FORMS = ['gen-ai', 'aisdk', 'openinference', 'traceloop', 'traceloop-json'];

export const CONTESTANTS = {
  exporter: { create: (url) => ours(url, 'gzip') },
  'exporter, other build': {
    isOtherBuild: true,
    create: (url) => ours(url, 'gzip', process.env.BENCH_OTHER_BUILD),
  },
  'exporter, other build, no gzip': {
    isOtherBuild: true,
    create: (url) => ours(url, 'none', process.env.BENCH_OTHER_BUILD),
  },
  'exporter, no gzip': { create: (url) => ours(url, 'none') },
  'floor, gzip': { create: (url) => createFloor(url, true) },
  floor: { create: (url) => createFloor(url, false) },
  '@posthog/ai/otel, gzip': {
    isPeer: true,
    forms: POSTHOG_AI_FORMS,
    create: async (url) => fromExporter((await peer('posthog-ai')).createExporter(url, 'gzip')),
  },
  '@posthog/ai/otel': {
    isPeer: true,
    forms: POSTHOG_AI_FORMS,
    create: async (url) => fromExporter((await peer('posthog-ai')).createExporter(url, 'none')),
  },
  'posthog-node': {
    isPeer: true,
    // Its mapping is the application's, here that of the GenAI conventions.
    forms: ['gen-ai'],
    create: async (url) => (await peer('posthog-node')).createClient(url),
  },
  'otlp-http': {
    isPeer: true,
    sendsForeign: true,
    create: async (url) => fromExporter((await peer('otlp')).createJson(url)),
  },
  'otlp-proto, gzip': {
    isPeer: true,
    sendsForeign: true,
    create: async (url) => fromExporter((await peer('otlp')).createProto(url)),
  },
};
