// Bun and Deno, as far as their npm packages go.
import { application } from '../apps.mjs';
import { SDKS } from '../versions.mjs';

const SDK = SDKS['SDK 2'];
const FILES = {
  ...application(SDK),
  // The zero-code start, with a span of the application's own.
  'plain.mjs': `
import { trace } from '@opentelemetry/api';
const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
trace.getTracer('t').startSpan('chat gpt-4o', { attributes }).end();
`,
};

const RUNTIMES = {
  Bun: {
    manager: 'Bun',
    command: async ({ bun }) => [await bun(), 'run'],
    preload: ['--preload', 'posthog-llm-exporter/register'],
  },
  Deno: {
    manager: 'npm',
    command: async ({ deno }) => [await deno(), 'run', '--allow-all', '--node-modules-dir=manual'],
    preload: ['--preload', './node_modules/posthog-llm-exporter/dist/register.js'],
  },
};

export const cases = Object.entries(RUNTIMES).flatMap(([column, { manager, command, preload }]) =>
  [
    ['`import`', ['app.mjs']],
    ['`require`', ['app.cjs']],
    ['zero code', [...preload, 'plain.mjs']],
  ].map(([row, args]) => ({
    group: 'Other runtimes',
    row,
    column,
    async run(tools) {
      const cwd = await tools.project({
        name: `runtime-${column}`,
        manager,
        packages: SDK.packages,
        files: FILES,
      });
      await tools.send([...(await command(tools)), ...args], { cwd });
    },
  })),
);
