import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface BuiltPackage {
  /** Holds `dist`, `package.json` and the dependencies. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** Bundles the package, without its types, into a folder of its own: what a bare Node 20 runs. */
export async function buildPackage(): Promise<BuiltPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'posthog-llm-exporter-'));
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const options = ['--out', join(folder, 'dist'), '--no-types'];
  await run(process.execPath, [join(root, 'scripts/build.mjs'), ...options], { cwd: root });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
