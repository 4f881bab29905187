import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord } from '../json/is-record.ts';

/** The `package.json` of a folder; empty when there is none that can be read. */
export function readManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return isRecord(manifest) ? manifest : {};
  } catch {
    return {};
  }
}

/** Whether Node takes a file for an ES module, by its name and the nearest `package.json`. */
export function isEsModule(file: string): boolean {
  if (/\.[cm]js$/.test(file)) return file.endsWith('.mjs');
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return readManifest(folder)['type'] === 'module';
  }
  return false;
}

/** Version of the package of that name which a file belongs to; `undefined` when it belongs to none. */
export function versionOfFile(file: string, packageName: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const { name, version } = readManifest(folder);
    if (name === packageName) return typeof version === 'string' ? version : undefined;
  }
  return undefined;
}
