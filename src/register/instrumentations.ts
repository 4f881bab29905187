import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importFrom, packageOf } from './import-from.ts';
import type { ModulesOfApp } from './modules-of-app.ts';
import { readManifest } from './read-manifest.ts';
import { isInRange } from './version-range.ts';

/** A library that makes model calls, and what can watch it. */
interface Library {
  /** Instrumentation packages, best first: two on one library would record each call twice. */
  readonly watchers: readonly string[];
  /** What an application imports. */
  readonly specifier: string;
  /** The part of its module that `manuallyInstrument` takes. Default: its default export. */
  readonly manual?: 'module';
}

const LIBRARIES: readonly Library[] = [
  {
    specifier: 'openai',
    watchers: [
      '@opentelemetry/instrumentation-openai',
      '@arizeai/openinference-instrumentation-openai',
      '@traceloop/instrumentation-openai',
    ],
  },
  {
    specifier: '@anthropic-ai/sdk',
    watchers: ['@arizeai/openinference-instrumentation-anthropic', '@traceloop/instrumentation-anthropic'],
  },
  {
    specifier: '@langchain/core/callbacks/manager',
    watchers: ['@arizeai/openinference-instrumentation-langchain', '@traceloop/instrumentation-langchain'],
    manual: 'module',
  },
  {
    specifier: '@aws-sdk/client-bedrock-runtime',
    watchers: ['@arizeai/openinference-instrumentation-bedrock', '@traceloop/instrumentation-bedrock'],
  },
  { specifier: '@google-cloud/vertexai', watchers: ['@traceloop/instrumentation-vertexai'] },
  { specifier: '@google/generative-ai', watchers: ['@traceloop/instrumentation-google-generativeai'] },
  { specifier: 'cohere-ai', watchers: ['@traceloop/instrumentation-cohere'] },
  { specifier: 'together-ai', watchers: ['@traceloop/instrumentation-together'] },
  { specifier: 'llamaindex', watchers: ['@traceloop/instrumentation-llamaindex'] },
];

/** What is used of an instrumentation, whoever made it. */
export interface Instrumentation {
  setLoggerProvider?(provider: unknown): void;
  manuallyInstrument?(module: unknown): void;
  /** Inside OpenTelemetry's base class: which versions of which modules are watched. */
  readonly _modules?: readonly { readonly supportedVersions?: readonly string[] }[];
}

class UnsupportedVersion extends Error {
  override readonly name = 'unsupported version of its library';
}

export interface EnabledInstrumentations {
  readonly enabled: readonly string[];
  /** Installed, but not loadable, with the reason. */
  readonly failed: readonly string[];
}

export interface InstrumentationSettings {
  readonly places: readonly ModulesOfApp[];
  /** Handed to every instrumentation. */
  readonly config: object;
  /** The application is written in ES modules, which `require` hooks do not see. */
  readonly isEsm: boolean;
  /** The only packages to use; `undefined`: the best of what is installed for each library. */
  readonly wanted: readonly string[] | undefined;
}

/** Loads the installed instrumentations; making one enables it. Never rejects. */
export async function enableInstrumentations(
  { places, config, isEsm, wanted }: InstrumentationSettings,
  onEnabled: (instrumentation: Instrumentation) => void,
): Promise<EnabledInstrumentations> {
  const enabled: string[] = [];
  const known = LIBRARIES.flatMap(({ watchers }) => watchers);
  const failed = (wanted ?? []).filter((name) => !known.includes(name)).map((name) => `${name} (unknown)`);
  for (const library of LIBRARIES) {
    const candidates = library.watchers.filter((name) => wanted?.includes(name) ?? true);
    const found = firstInstalled(places, candidates);
    if (!found) {
      if (wanted) failed.push(...candidates.map((name) => `${name} (not installed)`));
      continue;
    }
    try {
      const { place, name } = found;
      const instrumentation = make(place.load(name), config);
      if (isEsm && !hookImports(place, name, library))
        await instrumentByHand(place, library, instrumentation);
      onEnabled(instrumentation);
      enabled.push(name);
    } catch (error) {
      failed.push(`${found.name} (${error instanceof Error ? error.name : 'failed'})`);
    }
  }
  return { enabled, failed };
}

function firstInstalled(
  places: readonly ModulesOfApp[],
  names: readonly string[],
): { readonly place: ModulesOfApp; readonly name: string } | undefined {
  for (const name of names) {
    const place = places.find(({ folderOf }) => folderOf(name) !== undefined);
    if (place) return { place, name };
  }
  return undefined;
}

function make(exports: Readonly<Record<string, unknown>>, config: object): Instrumentation {
  const [, found] =
    Object.entries(exports).find(
      ([name, value]) => typeof value === 'function' && /^[A-Z]\w+Instrumentation$/.test(name),
    ) ?? [];
  if (!found) throw new TypeError('no instrumentation class');
  return new (found as new (config: object) => Instrumentation)(config);
}

/** First version of `import-in-the-middle` that can be told what to look at; to look at everything breaks packages. */
const FIRST_SELECTIVE_HOOK: readonly [major: number, minor: number] = [1, 11];

/** Lets an instrumentation see what is loaded by `import`; false when its hook is too old to be used safely. */
function hookImports(place: ModulesOfApp, name: string, { specifier }: Library): boolean {
  const folder = place.below(name)?.below('@opentelemetry/instrumentation')?.folderOf('import-in-the-middle');
  if (folder === undefined) return false;
  const [major = 0, minor = 0] = String(readManifest(folder)['version']).split('.').map(Number);
  const [firstMajor, firstMinor] = FIRST_SELECTIVE_HOOK;
  if (major < firstMajor || (major === firstMajor && minor < firstMinor)) return false;
  register(pathToFileURL(join(folder, 'hook.mjs')), { data: { include: [specifier] } });
  return true;
}

/** By hand nobody else would look at the version, and a patch on the wrong one breaks the application. */
function supportsInstalled(place: ModulesOfApp, specifier: string, { _modules }: Instrumentation): boolean {
  const folder = place.folderOf(packageOf(specifier));
  const version = folder === undefined ? undefined : readManifest(folder)['version'];
  const ranges = _modules?.flatMap(({ supportedVersions }) => supportedVersions ?? []) ?? [];
  return typeof version === 'string' && ranges.some((range) => isInRange(version, range));
}

async function instrumentByHand(
  place: ModulesOfApp,
  { specifier, manual }: Library,
  instrumentation: Instrumentation,
): Promise<void> {
  if (typeof instrumentation.manuallyInstrument !== 'function') return;
  if (!supportsInstalled(place, specifier, instrumentation)) throw new UnsupportedVersion();
  const module = await importFrom(place, specifier);
  if (module) instrumentation.manuallyInstrument(manual === 'module' ? module : module['default']);
}
