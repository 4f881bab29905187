// Checks the package as users get it: packs what `npm run build` made, installs the archive into an empty project, and
// looks at it from there. Needs the npm registry; leaves nothing behind. Exit code 1 at the first thing that is wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRequests } from './package-requests.mjs';

/** Our own budget, about a third above today's size, so that a stray file or a bundled dependency is noticed. */
const MAX_UNPACKED_BYTES = 5_500_000;
/** Everything a package of ours may contain. */
const ALLOWED_FILES = [
  /^(package\.json|config\.schema\.json|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|LICENSE)$/,
  /^dist\/(THIRD-PARTY-NOTICES\.txt|[\w./-]+\.(c?js|d\.c?ts))$/,
  /^dist\/page\/(index\.html|app\.css|icon\.svg)$/,
  /^docs\/[\w-]+\.md$/,
  /^docs\/images\/[\w-]+\.png$/,
  /^examples\/[\w./-]+$/,
];
/** The values exported by `posthog-llm-exporter`; types are not seen at run time. */
const PUBLIC_NAMES = [
  'PostHogLLMConfigError',
  'PostHogLLMExportError',
  'PostHogLLMLogRecordProcessor',
  'PostHogLLMSpanExporter',
  'PostHogLLMSpanProcessor',
  'PostHogTraceAttributesProcessor',
  'currentTraceId',
  'explain',
  'flushOnExit',
  'isPostHogLLMConfigError',
  'isPostHogLLMExportError',
  'renderExplanations',
  'setTrace',
  'startPostHogLLM',
  'withTrace',
];

/** Types that stand in signatures and have no name outside: tables behind a type, and parts that an application only reads. */
const UNNAMED_TYPES = [
  ...['AI_EVENT_NAMES', 'ATTRIBUTE_FATES', 'CALL_KINDS', 'CONTENT_KINDS', 'REDACTOR_NAMES', 'ROWS'],
  ...['RULE_FIELDS', 'TRIM_ACTIONS', 'PropertyRow', 'aiTraceId', 'input', 'latencySeconds'],
  // Of an explanation, of `stats()`, of a call, of a connection test: `SpanExplanation['outcome']` names them.
  ...['AiEventName', 'Field', 'FieldValues', 'Origin', 'Outcome', 'PrivacyAction', 'Trim', 'TrimAction'],
  ...['IncompleteSpanCounts', 'LedgerCounts', 'Reporting', 'Scalar', 'SpanKindName', 'Common'],
  // Of log records on their way to the exporter.
  ...['AttributeMap', 'LogRecordTarget', 'LogRecordView', 'SpanEventView'],
];

const root = fileURLToPath(new URL('..', import.meta.url));
const rootRequire = createRequire(join(root, 'package.json'));
const manifest = rootRequire('./package.json');
const workDir = mkdtempSync(join(tmpdir(), 'check-package-'));

try {
  const archive = step('pack', pack);
  step('publint', () => tool('publint', ['run', archive, '--strict']));
  step('types', () => tool('attw', [archive, '--profile', 'node16']));
  step('links', () => links(archive));
  const project = step('install', () => install(archive));
  step('names of types', () => typeNames(project));
  step('import', () => load(project, 'import.mjs', (name) => `await import('${name}')`));
  step('require', () => load(project, 'require.cjs', (name) => `require('${name}')`));
  step('requests', () => checkRequests(project, manifest.name, run));
  step('compile', () => compile(project));
  step('command line', () => commandLine(project));
} catch (error) {
  console.error(`\n${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  process.exitCode = 1;
} finally {
  rmSync(workDir, { recursive: true, force: true });
}

function step(name, work) {
  const startMs = Date.now();
  const result = work();
  console.log(`  ${name} ok (${((Date.now() - startMs) / 1000).toFixed(1)} s)`);
  return result;
}

/** Makes the archive; returns its path. `--ignore-scripts` because the build is done. */
function pack() {
  const [{ filename, files, unpackedSize }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', workDir], root),
  );
  const strangers = files
    .map((file) => file.path)
    .filter((path) => !ALLOWED_FILES.some((allowed) => allowed.test(path)));
  assert.deepEqual(strangers, [], 'files that do not belong into the package');
  assert.ok(
    unpackedSize <= MAX_UNPACKED_BYTES,
    `unpacked size ${unpackedSize} exceeds the budget of ${MAX_UNPACKED_BYTES} bytes`,
  );
  console.log(`  ${filename}: ${files.length} files, ${unpackedSize} bytes of at most ${MAX_UNPACKED_BYTES}`);
  return join(workDir, filename);
}

/** Every link of a page to another file must lead to one that is in the package. */
function links(archive) {
  run('tar', ['xzf', archive, '-C', workDir], workDir);
  const folder = join(workDir, 'package');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(folder, page), 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
      .map(([, target]) => target)
      .filter((target) => !existsSync(join(folder, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, [], 'links that lead out of the package');
}

/** An empty project with the archive and its peers, in the versions this repository is tested with. */
function install(archive) {
  const project = join(workDir, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  // The SDK only for the types of the application below.
  const wanted = [...Object.keys(manifest.peerDependencies), '@opentelemetry/sdk-trace-base'];
  const peers = wanted.map((name) => `${name}@${installedVersion(name)}`);
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', archive, ...peers], project);
  return project;
}

function installedVersion(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** What a signature speaks of can be named by an application, unless it has no use for it. */
function typeNames(project) {
  const types = readFileSync(join(project, 'node_modules', manifest.name, 'dist/index.d.ts'), 'utf8');
  const unnamed = [
    ...types.matchAll(/^declare (?:abstract )?(?:class|interface|type|function|const) (\w+)/gm),
  ].map(([, name]) => name);
  assert.deepEqual(unnamed.sort(), UNNAMED_TYPES.sort(), 'types that are not exported');
}

/** Loads every entry point in a fresh process and compares the names of the main one. */
function load(project, file, expression) {
  const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json'));
  for (const entry of entries) {
    const name = manifest.name + entry.slice(1);
    const code = `process.stdout.write(JSON.stringify(Object.keys(${expression(name)})));\n`;
    writeFileSync(join(project, file), code);
    const names = JSON.parse(run(process.execPath, [file], project)).sort();
    if (entry === '.') assert.deepEqual(names, PUBLIC_NAMES, `names exported by ${name}`);
  }
}

/** The shipped declarations must be complete, and the exporter be a SpanExporter, for a strict TypeScript project. */
function compile(project) {
  const source = [
    `import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';`,
    `import { PostHogLLMLogRecordProcessor, PostHogLLMSpanExporter } from '${manifest.name}';`,
    `import { PostHogLLMSpanProcessor, type Rule, setTrace, withTrace } from '${manifest.name}';`,
    `import '${manifest.name}/register';`,
    `const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_check' });`,
    `export const traceExporter: SpanExporter = exporter;`,
    `const rules: Rule = { and: [{ field: 'metadata.x', operator: 'greater', value: 1 }] };`,
    `export const processor: SpanProcessor = new PostHogLLMSpanProcessor({ exporter });`,
    `export const another: SpanProcessor = new PostHogLLMSpanProcessor({ apiKey: 'phc_x', rules });`,
    `export const six: Promise<number> = withTrace({ user: 'u' }, async () => 6);`,
    `export const isSet: boolean = setTrace({ metadata: { a: { b: 1 } } });`,
    `export const logRecordProcessor = new PostHogLLMLogRecordProcessor(exporter);`,
  ];
  writeFileSync(join(project, 'app.ts'), `${source.join('\n')}\n`);
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  tool('tsc', [...options, '--typeRoots', join(root, 'node_modules', '@types'), 'app.ts'], project);
}

function commandLine(project) {
  for (const name of Object.keys(manifest.bin)) {
    const help = run(join(project, 'node_modules', '.bin', name), ['--help'], project);
    for (const command of ['check', 'configure', 'send-test']) {
      assert.ok(help.includes(command), `${name} --help does not mention ${command}`);
    }
  }
}

function tool(name, args, cwd = workDir) {
  return run(join(root, 'node_modules', '.bin', name), args, cwd);
}

/** Runs a program to its end and returns its output; a failure throws with that output. */
function run(program, args, cwd) {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
