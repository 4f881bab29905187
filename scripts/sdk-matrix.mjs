// Runs test/sdk-matrix/suite.mjs with every major of the OpenTelemetry SDK, each installed into a project of its own beside
// the packed package. Needs the npm registry and `npm run build`. node scripts/sdk-matrix.mjs [1 2 3]
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SDKS = {
  1: { name: '@opentelemetry/sdk-trace-base', version: '1.30.1', api: '~1.9.0', node: [18, 0] },
  2: { name: '@opentelemetry/sdk-trace-base', version: '^2.0.0', api: '~1.9.0', node: [18, 19] },
  3: { name: '@opentelemetry/sdk-trace', version: '^3.0.0', api: '~1.10.0', node: [22, 15] },
};

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'sdk-matrix-'));
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const majors = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SDKS);

try {
  const [{ filename }] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', work], root),
  );
  for (const major of majors) if (!run(major, join(work, filename))) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function run(major, archive) {
  const { name, version, api, node } = SDKS[major];
  if (!supports(node)) {
    console.log(`SDK ${major}: SKIPPED, it needs Node ${node.join('.')} and this is ${process.version}`);
    return true;
  }
  const project = join(work, `sdk-${major}`);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      archive,
      `${name}@${version}`,
      `@opentelemetry/api@${api}`,
    ],
    project,
  );
  copyFileSync(join(root, 'test/sdk-matrix/suite.mjs'), join(project, 'suite.mjs'));
  const env = { ...process.env, SDK: name };
  const { status, stdout } = spawnSync(process.execPath, ['suite.mjs'], {
    cwd: project,
    env,
    encoding: 'utf8',
  });
  console.log(
    `SDK ${major} (${name} ${version}), Node ${process.version}: ${status === 0 ? 'ok' : `FAILED\n${stdout}`}`,
  );
  return status === 0;
}

function supports([major, minor]) {
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
