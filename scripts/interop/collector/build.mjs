#!/usr/bin/env node
/**
 * Builds the OpenTelemetry Collector of `builder.yaml` with Go and prints the path of the program. It is kept outside the
 * repository under the hash of the manifest and of Go's version, so that a second call costs nothing; the first takes some
 * ten minutes of processor time.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cacheFolder } from '../lib/cache.mjs';

const MANIFEST = fileURLToPath(new URL('builder.yaml', import.meta.url));

/** @returns {string | undefined} where the program is, or will be; nothing without Go */
export function collectorPath() {
  let goVersion;
  try {
    goVersion = execFileSync('go', ['version'], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
  const manifest = readFileSync(MANIFEST, 'utf8');
  const hash = createHash('sha256').update(manifest).update(goVersion).digest('hex').slice(0, 12);
  return join(cacheFolder('collector'), hash, 'otelcol');
}

/** @returns {string | undefined} the program, built where it was not; nothing without Go */
export function buildCollector() {
  const program = collectorPath();
  if (program === undefined || existsSync(program)) return program;
  const [, version] = /^ {2}version: (.+)$/m.exec(readFileSync(MANIFEST, 'utf8')) ?? [];
  const work = mkdtempSync(join(tmpdir(), 'otelcol-'));
  try {
    const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOBIN: work };
    const run = (command, args) =>
      execFileSync('nice', ['-n', '19', command, ...args], { cwd: work, env, stdio: 'inherit' });
    run('go', ['install', `go.opentelemetry.io/collector/cmd/builder@v${version}`]);
    cpSync(MANIFEST, join(work, 'builder.yaml'));
    run(join(work, 'builder'), ['--config', 'builder.yaml']);
    mkdirSync(join(program, '..'), { recursive: true });
    cpSync(join(work, 'build', 'otelcol'), `${program}.part`);
    renameSync(`${program}.part`, program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const program = buildCollector();
  if (program === undefined) console.error('Go is not installed, and the Collector is built with it.');
  else console.log(program);
}
