// Test runners with the configuration that they have when nobody gave one, and as NestJS sets up Jest.
import { SDKS } from '../versions.mjs';

const BODY = `
test('sends', async () => {
  const provider = new BasicTracerProvider({ spanProcessors: [new PostHogLLMSpanProcessor()] });
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
  provider.getTracer('t').startSpan('chat gpt-4o', { attributes }).end();
  await provider.shutdown();
});
`;
const REQUIRE = `
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
const { PostHogLLMSpanProcessor } = require('posthog-llm-exporter');
`;
const IMPORT = `
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';
`;
/** As `nest new` writes it. */
const NEST_JEST = {
  moduleFileExtensions: ['js', 'json', 'ts'],
  rootDir: 'src',
  testRegex: '.*\\.spec\\.ts$',
  transform: { '^.+\\.(t|j)s$': 'ts-jest' },
  testEnvironment: 'node',
};
const NEST_TSCONFIG = {
  compilerOptions: {
    module: 'commonjs',
    declaration: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    allowSyntheticDefaultImports: true,
    esModuleInterop: true,
    target: 'ES2022',
    types: ['jest', 'node'],
    skipLibCheck: true,
    strict: true,
  },
};

const RUNNERS = {
  'Jest, no configuration': {
    packages: ['jest@latest'],
    files: { 'sum.test.js': REQUIRE + BODY },
    command: ['node_modules/jest/bin/jest.js'],
  },
  'Jest, ts-jest as NestJS sets it up': {
    packages: ['jest@latest', 'ts-jest@latest', 'typescript@~5.9.0', '@types/jest@latest', '@types/node@^20'],
    files: {
      'src/sum.spec.ts': IMPORT + BODY,
      'tsconfig.json': JSON.stringify(NEST_TSCONFIG),
      'jest.config.json': JSON.stringify(NEST_JEST),
    },
    command: ['node_modules/jest/bin/jest.js'],
  },
  Vitest: {
    packages: ['vitest@latest'],
    files: { 'sum.test.ts': `import { test } from 'vitest';${IMPORT}${BODY}` },
    command: ['node_modules/vitest/vitest.mjs', 'run'],
  },
  'Mocha, ES modules': {
    packages: ['mocha@latest'],
    files: { 'test/sum.mjs': `import { it as test } from 'mocha';${IMPORT}${BODY}` },
    command: ['node_modules/mocha/bin/mocha.js', 'test/sum.mjs'],
  },
  'Mocha, CommonJS': {
    packages: ['mocha@latest'],
    files: { 'test/sum.cjs': `const test = it;${REQUIRE}${BODY}` },
    command: ['node_modules/mocha/bin/mocha.js', 'test/sum.cjs'],
  },
};

export const cases = Object.entries(RUNNERS).flatMap(([row, { packages, files, command }], index) =>
  ['20.19.6', '24.22.3'].map((version) => ({
    group: 'Test runner',
    row,
    column: version,
    async run({ project, send, node }) {
      const cwd = await project({
        name: `runner-${index}`,
        packages: [...SDKS['SDK 2'].packages, ...packages],
        files,
      });
      await send([await node(version), ...command], { cwd });
    },
  })),
);
