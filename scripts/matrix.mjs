// Tries the packed package in the surroundings that it promises to work in, and prints a table. Needs the npm registry and
// `npm run build`; leaves nothing behind. Exit code 1 when a case fails.
//   npm run matrix [-- --only TEXT] [--core] [--write]
// --only: cases whose name contains one of the texts   --core: the cheap ones   --write: what ran goes into the tables of README.md (clients) and docs/compatibility.md
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases as bundlers } from './matrix/cases/bundlers.mjs';
import { cases as demo } from './matrix/cases/demo.mjs';
import { cases as frameworks } from './matrix/cases/frameworks.mjs';
import { cases as installs } from './matrix/cases/installs.mjs';
import { cases as instrumentations } from './matrix/cases/instrumentations.mjs';
import { cases as neighbours } from './matrix/cases/neighbours.mjs';
import { cases as pages } from './matrix/cases/pages.mjs';
import { cases as preload } from './matrix/cases/preload.mjs';
import { cases as runtimes } from './matrix/cases/runtimes.mjs';
import { cases as testRunners } from './matrix/cases/test-runners.mjs';
import { cases as typescript } from './matrix/cases/typescript.mjs';
import { cases as zeroCode } from './matrix/cases/zero-code.mjs';
import { joinWithTables, renderTables } from './matrix/tables.mjs';
import { createTools } from './matrix/tools.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [''] },
    core: { type: 'boolean' },
    write: { type: 'boolean' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const CASES = [
  installs,
  instrumentations,
  zeroCode,
  demo,
  preload,
  bundlers,
  testRunners,
  frameworks,
  neighbours,
  typescript,
  pages,
  runtimes,
].flat();

const chosen = CASES.filter(
  (one) =>
    values.only.some((text) => nameOf(one).toLowerCase().includes(text.toLowerCase())) &&
    (!values.core || one.isCore),
);
const work = mkdtempSync(join(tmpdir(), 'matrix-'));
try {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  const tools = createTools(work, join(work, filename));
  const results = [];
  for (const one of chosen) results.push(await tryOut(one, tools));
  const tables = renderTables(results);
  console.log(`\n${tables}`);
  if (values.write) {
    const own = new Set(instrumentations);
    writeInto(join(root, 'README.md'), instrumentations, results);
    writeInto(
      join(root, 'docs/compatibility.md'),
      CASES.filter((one) => !own.has(one)),
      results,
    );
  }
  if (results.some(({ error }) => error)) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function tryOut(one, tools) {
  const startMs = Date.now();
  try {
    const note = await one.run(tools);
    console.log(`ok      ${nameOf(one)} (${((Date.now() - startMs) / 1000).toFixed(1)} s)`);
    return { ...one, note: typeof note === 'string' ? note : undefined };
  } catch (error) {
    console.log(`FAILED  ${nameOf(one)}\n${error.message.replaceAll(/^/gm, '        ')}`);
    return { ...one, error };
  }
}

function nameOf({ group, row, column }) {
  return `${group} ${row}, ${column}`;
}

/** What ran takes the place of what stood there; what did not run stays. */
function writeInto(file, cases, results) {
  const [begin, end] = ['<!-- matrix:begin -->', '<!-- matrix:end -->'];
  const text = readFileSync(file, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [tables = '', after = ''] = rest.split(end);
  const joined = renderTables(joinWithTables(cases, results, tables));
  writeFileSync(file, `${before}${begin}\n\n${joined}\n${end}${after}`);
}
