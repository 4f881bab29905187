import nodeModule, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { isEsModule } from './read-manifest.ts';

type Exports = Readonly<Record<string, unknown>>;

interface ResolveContext {
  readonly conditions: readonly string[];
}
type Resolve = (
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => { readonly url: string },
) => { readonly url: string };

/** Hooks in the thread of the application, which may load modules themselves. */
type RegisterHooks = (hooks: { readonly resolve: Resolve }) => unknown;

/** Whether {@link onImport} can be called on this platform. */
export function canWatchImports(): boolean {
  return registerHooks() !== undefined;
}

function registerHooks(): RegisterHooks | undefined {
  const { registerHooks } = nodeModule as unknown as { registerHooks?: RegisterHooks };
  // Bun and Deno have something of that name which does not see what it should.
  return isNode() && hasSoundHooks(process.versions.node) && !isUnderTsx() ? registerHooks : undefined;
}

/**
 * Hooks of both kinds in one process, ours and those that an application registers with `--experimental-loader` or
 * `module.register`, end it in Node 22 and up to 24.11 (nodejs/node#59666).
 */
function hasSoundHooks(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 12);
}

/**
 * Whether tsx is among the preloads, before us or after. For `require` it makes a CommonJS copy of an ES module, so that
 * a hook, which must answer at once, cannot load what the application imports.
 */
function isUnderTsx(): boolean {
  const preloads = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  return preloads.some((text) => /(?:^|[\s/\\=])tsx(?:$|[\s/\\])/.test(text));
}

export function isNode(): boolean {
  return process.versions['bun'] === undefined && process.versions['deno'] === undefined;
}

/**
 * Calls `onLoaded` with each ES module that the application gets when it imports one of these specifiers, before the
 * application gets it. Modules are loaded when the application wants them, and not earlier.
 */
export function onImport(
  wanted: ReadonlyMap<string, (exports: Exports, path: string) => void>,
  onError: (specifier: string, error: unknown) => void,
): void {
  const seen = new Set<string>();
  registerHooks()?.({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const onLoaded = wanted.get(specifier);
      if (!onLoaded || seen.has(resolved.url) || !context.conditions.includes('import')) return resolved;
      if (!resolved.url.startsWith('file:')) return resolved;
      seen.add(resolved.url);
      const path = fileURLToPath(resolved.url);
      const done = (exports: Exports) => {
        try {
          onLoaded(exports, path);
        } catch (error) {
          onError(specifier, error);
        }
      };
      const loaded = loadNow(path);
      if (loaded instanceof Promise) loaded.then(done, (error: unknown) => onError(specifier, error));
      else done(loaded);
      return resolved;
    },
  });
}

/** Loads a module at once where this Node can, else as soon as possible. */
export function loadNow(path: string): Exports | Promise<Exports> {
  const isEs = isEsModule(path);
  try {
    const exports = isEs && isUnderTsx() ? undefined : (createRequire(path)(path) as Exports);
    // Others may make copies as tsx does.
    if (exports && (types.isModuleNamespaceObject(exports) || !isEs)) return exports;
  } catch {
    // With a loader of the older kind beside it, or a top-level await inside, `require` cannot load an ES module.
  }
  return import(pathToFileURL(path).href) as Promise<Exports>;
}
