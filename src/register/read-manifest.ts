import { readFileSync } from 'node:fs';
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

/** Version of the package of that name which a file belongs to; `undefined` when it belongs to none. */
export function versionOfFile(file: string, packageName: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const { name, version } = readManifest(folder);
    if (name === packageName) return typeof version === 'string' ? version : undefined;
  }
  return undefined;
}
