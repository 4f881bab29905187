// The JavaScript and TypeScript of README and docs against the types of the real packages, frameworks included; the tests check it
// against what is installed in this repository and a few declarations.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGES = [
  ...['next@latest', 'react@^19', '@types/react@^19', '@types/node@^20', 'typescript@~5.9.0'],
  ...['ai@^7', '@ai-sdk/openai@latest', '@ai-sdk/otel@latest', 'openai@^6', '@anthropic-ai/sdk@^1'],
  ...['@sentry/node@^10', '@vercel/otel@^2', 'undici@^7', '@opentelemetry/api@~1.9.0'],
  ...['openai', 'anthropic'].map((name) => `@arizeai/openinference-instrumentation-${name}@latest`),
  ...['sdk-node', 'exporter-trace-otlp-http', 'exporter-trace-otlp-proto'].map(
    (name) => `@opentelemetry/${name}@~0.223.0`,
  ),
  '@opentelemetry/sdk-trace-node@^2.0.0',
];
const TSCONFIG = {
  compilerOptions: {
    ...{ target: 'es2022', lib: ['ES2023'], module: 'esnext', moduleResolution: 'bundler' },
    ...{ moduleDetection: 'force', strict: true, allowJs: true, checkJs: true, noEmit: true },
    ...{ skipLibCheck: true, types: ['node'], noImplicitAny: false },
  },
  include: ['README', 'docs'],
};

export const cases = [
  {
    group: 'Documentation',
    row: 'types of every block, with the newest frameworks',
    column: 'TypeScript 5.9',
    async run({ project, run }) {
      const cwd = await project({
        name: 'pages',
        packages: PACKAGES,
        files: { ...blocks(), 'tsconfig.json': JSON.stringify(TSCONFIG) },
        flags: ['--legacy-peer-deps', '--ignore-scripts'],
      });
      await run([process.execPath, 'node_modules/typescript/bin/tsc', '--pretty', 'false'], { cwd });
    },
  },
];

/** Each block as a file in a folder of its page; those of one page may import each other by the names that they give. */
function blocks() {
  const pages = ['README.md', ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)];
  const files = {};
  for (const page of pages.filter((name) => name.endsWith('.md') && name !== 'docs/api.md')) {
    const found = readFileSync(root + page, 'utf8').matchAll(/^```(js|ts)\n([\s\S]*?)^```$/gm);
    for (const [index, [, language, text]] of [...found].entries()) {
      const folder = page.replace('.md', '');
      const named =
        /^\/\/ ([\w./-]+\.\w+)/.exec(text)?.[1] ?? `block-${index}.${language === 'ts' ? 'ts' : 'mjs'}`;
      const file = `${folder}/${named}`;
      files[file in files ? `${folder}/${index}/${named}` : file] = text;
    }
  }
  return files;
}
