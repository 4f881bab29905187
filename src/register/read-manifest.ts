import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The `package.json` of a folder; empty when there is none that can be read. */
export function readManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? (manifest as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Whether Node takes a file for an ES module, by its name or the nearest `package.json`. */
export function isEsModule(file: string): boolean {
  if (/\.mjs$|\.mts$/.test(file)) return true;
  if (/\.cjs$|\.cts$/.test(file)) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = readManifest(folder);
    if (Object.keys(manifest).length > 0 || folder === dirname(folder)) return manifest['type'] === 'module';
  }
}
