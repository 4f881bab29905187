import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AI_SDK_TELEMETRY, enableAiSdkTelemetry } from './ai-sdk-telemetry.ts';
import { esModuleEntry, packageOf } from './es-module-entry.ts';
import { firstLine } from './first-line.ts';
import { isDirect, placeOf, versionOf } from './installed-version.ts';
import { makeInstrumentation, patchModule, rangeOf, takesVersion } from './instrumentation.ts';
import type { InstrumentationSettings, LibraryReport } from './instrumentation-settings.ts';
import { LIBRARIES, type Library, suggestionFor } from './libraries.ts';
import type { ModulesOfApp } from './modules-of-app.ts';
import { canWatchImports, isNode, loadNow, onImport } from './on-import.ts';
import { versionOfFile } from './read-manifest.ts';

type Exports = Readonly<Record<string, unknown>>;

export interface EnabledInstrumentations {
  readonly reports: readonly LibraryReport[];
  /** Settles when modules that could not be loaded at once are patched. Never rejects. */
  readonly ready: Promise<void>;
}

/** Enables what is installed for the libraries that the application calls. Never throws. */
export function enableInstrumentations(settings: InstrumentationSettings): EnabledInstrumentations {
  const { wanted } = settings;
  const imports = new Map<string, (exports: Exports, path: string) => void>();
  const pending: Promise<void>[] = [];
  const ofLibraries = LIBRARIES.map((library) => enableFor(library, settings, imports, pending));
  const ofAiSdk = enableAiSdkTelemetry(settings);
  const reports = ofAiSdk ? [...ofLibraries, ofAiSdk] : ofLibraries;
  if (imports.size > 0) onImport(imports, () => {});
  const known = new Set([...LIBRARIES.flatMap(({ watchers }) => watchers), AI_SDK_TELEMETRY]);
  const unknown = (wanted ?? []).filter((name) => !known.has(name));
  return {
    reports: [
      ...reports.filter(
        ({ enabled, ownTelemetry, notes }) => (enabled ?? ownTelemetry) !== undefined || notes.length > 0,
      ),
      ...unknown.map((name) => ({
        ...{ library: name, version: undefined, enabled: undefined },
        notes: [`${name} is unknown to POSTHOG_LLM_INSTRUMENTATIONS`],
      })),
    ],
    ready: Promise.all(pending).then(() => {}),
  };
}

function enableFor(
  library: Library,
  { places, config, wanted, isFirst, onEnabled }: InstrumentationSettings,
  imports: Map<string, (exports: Exports, path: string) => void>,
  pending: Promise<void>[],
): LibraryReport {
  const name = packageOf(library.specifier);
  const home = placeOf(places, name);
  const version = home && versionOf(home, name);
  const notes: string[] = [];
  const report = (enabled?: string) => ({ library: name, version, enabled, notes });

  for (const watcher of library.watchers.filter((watcher) => wanted?.includes(watcher) ?? true)) {
    const place = placeOf(places, watcher);
    if (!place) {
      if (wanted) notes.push(`${watcher} is not installed`);
      continue;
    }
    try {
      const instrumentation = makeInstrumentation(place.load(watcher), config);
      if (!takesVersion(instrumentation, library, version)) {
        notes.push(`${watcher} is for ${name} ${rangeOf(instrumentation, library)}; ${version} is installed`);
        continue;
      }
      instrumentation.enable?.();
      onEnabled(instrumentation);
      const isHooked = isNode() && (instrumentation._modules?.length ?? 1) > 0;
      if (isFirst && canWatchImports()) {
        imports.set(library.specifier, (exports, path) => {
          const found = versionOfFile(path, name);
          if (takesVersion(instrumentation, library, found))
            patchModule(instrumentation, library, exports, found);
        });
      } else if (home) {
        const patch = (exports: Exports) => patchModule(instrumentation, library, exports, version);
        patchLoaded(home, library, isHooked, patch, pending, (reason) =>
          notes.push(`${watcher} sees what is loaded by require only: ${reason}`),
        );
      } else if (!isHooked) {
        notes.push(`${watcher} finds no ${name} to watch`);
        continue;
      }
      if (notes.length > 0) notes.push(`using ${watcher}`);
      return report(watcher);
    } catch (error) {
      notes.push(`${watcher} is not usable: ${firstLine(error)}`);
    }
  }
  if (wanted === undefined && version !== undefined && (notes.length > 0 || isDirect(places, name))) {
    const suggestion = suggestionFor(library, version);
    if (notes.length === 0) notes.push(`${name} ${version} is installed, and nothing records its calls`);
    if (suggestion) notes.push(`npm install ${suggestion}`);
  }
  return report();
}

/** Patches the ES module of a library, and what the application has loaded of it by `require` already. */
function patchLoaded(
  home: ModulesOfApp,
  library: Library,
  isHooked: boolean,
  patch: (exports: Exports) => void,
  pending: Promise<void>[],
  onFailure: (reason: string) => void,
): void {
  const forRequire = requireEntry(home, library.specifier);
  if (forRequire !== undefined) {
    const require = createRequire(forRequire);
    if (!isHooked) patch(require(forRequire));
    // Through the hook that the instrumentation has registered, which patches it and remembers that it has.
    else if (require.cache[forRequire]) createRequire(join(home.folder, 'noop.js'))(library.specifier);
  }
  const forImport = esModuleEntry(home, library.specifier);
  if (forImport === undefined || forImport === forRequire) return;
  const loaded = loadNow(forImport);
  if (!(loaded instanceof Promise)) patch(loaded);
  else pending.push(loaded.then(patch).catch((error: unknown) => onFailure(firstLine(error))));
}

function requireEntry(home: ModulesOfApp, specifier: string): string | undefined {
  try {
    return createRequire(join(home.folder, 'noop.js')).resolve(specifier);
  } catch {
    return undefined;
  }
}
