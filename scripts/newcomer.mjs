// Follows the README and the pages in empty folders, by their own text, with the packed package in place of the published one, until
// an event arrives at a PostHog on this machine. Needs the npm registry and `npm run build`; leaves nothing behind.
//   npm run check:newcomer [-- --lines | --timed]
// --lines: every install line on Node 20, 22 and 24   --timed: the first start with each package manager and an empty cache
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createTools } from './matrix/tools.mjs';
import { NODE } from './matrix/versions.mjs';
import { createPath } from './newcomer/path.mjs';
import { readSetUps } from './newcomer/set-ups.mjs';

/** Longest that the first event may take, beside the download. */
const MAX_SECONDS = 60;
const { values } = parseArgs({ options: { lines: { type: 'boolean' }, timed: { type: 'boolean' } } });
const isAll = !values.lines && !values.timed;

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'newcomer-'));
try {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  const tools = createTools(work, join(work, filename));
  const follow = createPath(tools);
  const setUps = readSetUps(root);
  if (isAll || values.lines) await eachLine(setUps, follow);
  if (isAll || values.timed) await eachManager(setUps[0], follow);
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function eachLine(setUps, follow) {
  for (const version of [NODE.newest20, NODE.newest22, NODE.newest24]) {
    for (const setUp of setUps) {
      await report(`${setUp.where}, Node ${version}`, () => follow(setUp, { version, manager: 'npm' }));
    }
  }
}

async function eachManager(setUp, follow) {
  console.log('\n| First event by the README | empty cache | filled cache |\n| --- | --: | --: |');
  for (const manager of ['npm', 'pnpm', 'yarn']) {
    const cold = await follow(setUp, { version: NODE.newest24, manager, cache: manager });
    const warm = await follow(setUp, { version: NODE.newest24, manager, cache: manager });
    console.log(`| ${manager} | ${cold.toFixed(1)} s | ${warm.toFixed(1)} s |`);
    if (warm > MAX_SECONDS)
      fail(`${manager}: ${warm.toFixed(1)} s beside the download are more than ${MAX_SECONDS}`);
  }
}

async function report(name, work) {
  try {
    const seconds = await work();
    console.log(`ok      ${name} (${seconds.toFixed(1)} s)`);
  } catch (error) {
    fail(`FAILED  ${name}\n${error.message.replaceAll(/^/gm, '        ')}`);
  }
}

function fail(message) {
  console.log(message);
  process.exitCode = 1;
}
