// A CommonJS preload beside a loader hook: the start command of OpenTelemetry's own documentation for ES modules. In some
// versions of Node `require` of an ES module fails there (nodejs/node#59666).
import { application } from '../apps.mjs';
import { NODE, NODES, SDKS } from '../versions.mjs';

const INSTRUMENTATION = '@opentelemetry/instrumentation@~0.223.0';
const FILES = {
  ...application(SDKS['SDK 2']),
  'preload.cjs':
    "if (typeof require('posthog-llm-exporter').PostHogLLMSpanExporter !== 'function') process.exit(9);\n",
  'hooked.cjs': `
const { register } = require('node:module');
const { pathToFileURL } = require('node:url');
register('@opentelemetry/instrumentation/hook.mjs', pathToFileURL(__filename));
require('./preload.cjs');
`,
};
const ROWS = {
  '`--experimental-loader` and `--require`': [
    '--experimental-loader=@opentelemetry/instrumentation/hook.mjs',
    '--require',
    './preload.cjs',
    'app.mjs',
  ],
  '`module.register` in a preload': ['--require', './hooked.cjs', 'app.mjs'],
};

export const cases = Object.entries(ROWS).flatMap(([row, command]) =>
  [...new Set([...NODES, ...NODE.hooks22, ...NODE.hooks24])].sort(byVersion).map((version) => ({
    group: 'CommonJS preload beside a loader hook',
    row,
    column: version,
    async run({ project, send, node }) {
      const cwd = await project({
        name: 'preload',
        packages: [...SDKS['SDK 2'].packages, INSTRUMENTATION],
        files: FILES,
      });
      await send([await node(version), '--no-warnings', ...command], { cwd });
    },
  })),
);

function byVersion(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}
