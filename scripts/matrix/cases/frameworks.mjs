// Suites that bring an application of their own; the same files as `npm run check:sdks` runs.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE } from '../versions.mjs';

const suites = fileURLToPath(new URL('../../../test/sdk-matrix/', import.meta.url));
const NEXT = [
  'next@latest',
  'react@^19.0.0',
  'react-dom@^19.0.0',
  '@vercel/otel@^2.1.0',
  '@opentelemetry/api@~1.9.0',
  ...['sdk-trace-base', 'resources', 'sdk-metrics'].map((name) => `@opentelemetry/${name}@^2.0.0`),
  ...['api-logs', 'sdk-logs', 'instrumentation'].map((name) => `@opentelemetry/${name}@~0.223.0`),
  'typescript@~5.9.0',
  '@types/node@^20',
  '@types/react@^19',
];

export const cases = [NODE.newest20, NODE.newest24].map((version) => ({
  group: 'Framework',
  row: 'Next.js, built by webpack and by Turbopack',
  column: version,
  async run({ project, run, node }) {
    const cwd = await project({ name: `next-${version}`, packages: NEXT, manifest: { type: 'module' } });
    for (const file of ['nextjs.mjs', 'listen.mjs']) copyFileSync(join(suites, file), join(cwd, file));
    await run([await node(version), 'nextjs.mjs'], { cwd });
  },
}));
