import { join } from 'node:path';
import { isRecord } from '../json/is-record.ts';
import type { ModulesOfApp } from './modules-of-app.ts';
import { readManifest } from './read-manifest.ts';

/**
 * The file that `import` of a package gives an application; resolving it ourselves would start from our own folder.
 * @returns `undefined` when the package is not installed, or has no such entry
 */
export function esModuleEntry(place: ModulesOfApp, specifier: string): string | undefined {
  const name = packageOf(specifier);
  const folder = place.folderOf(name);
  if (folder === undefined) return undefined;
  const { exports, main = 'index.js' } = readManifest(folder);
  const target =
    exports === undefined ? main : targetOf(subpathOf(exports, `.${specifier.slice(name.length)}`));
  return typeof target === 'string' ? join(folder, target) : undefined;
}

/** `@scope/name` of `@scope/name/path`. */
export function packageOf(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}

function subpathOf(exports: unknown, subpath: string): unknown {
  if (!isRecord(exports)) return subpath === '.' ? exports : undefined;
  const hasSubpaths = Object.keys(exports).some((key) => key.startsWith('.'));
  return hasSubpaths ? exports[subpath] : subpath === '.' ? exports : undefined;
}

/** Conditions that hold for an `import`, here and now. */
const CONDITIONS: ReadonlySet<string> = new Set([
  ...['node', 'import', 'default'],
  ...('require_module' in process.features ? ['module-sync'] : []),
  ...(process.versions['bun'] === undefined ? [] : ['bun']),
  ...(process.versions['deno'] === undefined ? [] : ['deno']),
]);

function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return targetOf(target[0]);
  if (!isRecord(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const found = CONDITIONS.has(condition) ? targetOf(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
