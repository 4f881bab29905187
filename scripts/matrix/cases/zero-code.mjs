// The start without code: what the README says to install, in an empty folder, with a real client against a model that is not one.
import { CHAT_COMPLETION } from '../chat-completion.mjs';
import { NODE } from '../versions.mjs';

const CLIENT = `
const { createServer } = HTTP;
const answer = ${JSON.stringify(CHAT_COMPLETION)};
const model = createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)));
});
model.listen(0, '127.0.0.1', async () => {
  const client = new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1:' + model.address().port + '/v1' });
  await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello?' }] });
  model.close();
  model.closeAllConnections();
});
`;
const FILES = {
  'run.mjs': `import OpenAI from 'openai';\nimport * as HTTP from 'node:http';\n${CLIENT}`,
  'run.mts': `import OpenAI from 'openai';\nimport * as HTTP from 'node:http';\n${CLIENT}`,
  'run.cjs': `const OpenAI = require('openai');\nconst HTTP = require('node:http');\n${CLIENT}`,
};
const PACKAGES = ['@opentelemetry/api@^1.9.0', '@arizeai/openinference-instrumentation-openai@latest'];
const STARTS = {
  '`--import`, ES module': ['--import', 'posthog-llm-exporter/register', 'run.mjs'],
  '`--import`, CommonJS': ['--import', 'posthog-llm-exporter/register', 'run.cjs'],
  '`--require`, CommonJS': ['--require', 'posthog-llm-exporter/register', 'run.cjs'],
};

/** TypeScript without a build, as an ES module. */
const TSX = ['tsx@^4', ...PACKAGES, 'openai@^7'];
const UNDER_TSX = {
  '`tsx --import`': ['node_modules/tsx/dist/cli.mjs', '--import', 'posthog-llm-exporter/register', 'run.mts'],
  '`node --import`, then tsx': ['--import', 'posthog-llm-exporter/register', '--import', 'tsx', 'run.mts'],
};
const tsxCases = Object.entries(UNDER_TSX).flatMap(([start, args]) =>
  [NODE.newest22, NODE.newest24, NODE.newest26].map((version) => ({
    group: 'Without code',
    row: `npm, openai 7, ${start}, ES module`,
    column: version,
    async run({ project, send, node }) {
      const cwd = await project({ name: 'zero-tsx', manager: 'npm', packages: TSX, files: FILES });
      await send([await node(version), '--no-warnings', ...args], { cwd });
    },
  })),
);

const managerCases = ['npm', 'pnpm', 'Yarn PnP'].flatMap((manager) =>
  ['6', '7'].flatMap((major) =>
    Object.entries(STARTS).flatMap(([start, args]) =>
      [NODE.newest20, NODE.newest22, NODE.newest24, NODE.newest26].map((version) => ({
        group: 'Without code',
        row: `${manager}, openai ${major}, ${start}`,
        column: version,
        isCore: manager === 'npm' && major === '7' && version !== NODE.newest26,
        async run({ project, send, node }) {
          const name = `zero-${manager}-${major}`.toLowerCase().replaceAll(' ', '-');
          const cwd = await project({
            name,
            manager,
            packages: [...PACKAGES, `openai@^${major}`],
            files: FILES,
          });
          const hooks =
            manager === 'Yarn PnP'
              ? ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs']
              : [];
          await send([await node(version), '--no-warnings', ...hooks, ...args], { cwd });
        },
      })),
    ),
  ),
);

export const cases = [...managerCases, ...tsxCases];
