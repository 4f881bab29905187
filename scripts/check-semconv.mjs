// Compares our table of GenAI names with the newest release of OpenTelemetry's conventions. Needs the npm registry and
// `npm run build`; leaves nothing behind. Exit code 1 when the release has names that the table lacks.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { conventionNames } from './semconv-names.mjs';

const PACKAGE = '@opentelemetry/semantic-conventions';
const TABLE = 'src/translate/dialects/gen-ai-names.ts';

const table = readFileSync(new URL(`../${TABLE}`, import.meta.url), 'utf8');
const ours = new Set([...table.matchAll(/^ {2}'([^']+)':/gm)].map(([, name]) => name));
const work = mkdtempSync(join(tmpdir(), 'check-semconv-'));
try {
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', work];
  execFileSync('npm', [...install, `${PACKAGE}@latest`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = join(work, 'node_modules', PACKAGE);
  const { version, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entry = join(folder, exports['./incubating'].require.default);
  const { default: conventions } = await import(pathToFileURL(entry).href);
  const names = conventionNames(conventions);
  const missing = names.filter((name) => !ours.has(name));
  console.log(
    `${PACKAGE} ${version}: ${names.length} names about AI, ${missing.length} of them not in ${TABLE}`,
  );
  for (const name of missing) console.log(`  ${name}`);
  if (missing.length > 0) {
    console.log(`Read them in a dialect or say why not, and add them to ${TABLE}.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
