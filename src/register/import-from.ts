import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModulesOfApp } from './modules-of-app.ts';
import { readManifest } from './read-manifest.ts';

/**
 * Imports a package as an ES module of the application would get it; `import()` itself would look from our own folder.
 * @returns `undefined` when the package is not installed
 */
export async function importFrom(
  place: ModulesOfApp,
  specifier: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const name = packageOf(specifier);
  const path = specifier.slice(name.length);
  const folder = place.folderOf(name);
  if (folder === undefined) return undefined;
  const { exports, module, main } = readManifest(folder);
  const target = exports === undefined ? (module ?? main) : targetOf(subpathOf(exports, `.${path}`));
  if (typeof target !== 'string') return undefined;
  return (await import(pathToFileURL(join(folder, target)).href)) as Readonly<Record<string, unknown>>;
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

/** Conditions that hold for an `import` in Node. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'default']);

function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isRecord(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const found = CONDITIONS.has(condition) ? targetOf(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
