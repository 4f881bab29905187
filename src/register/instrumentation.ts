import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { Library } from './libraries.ts';
import { isInRange } from './version-range.ts';

/** One module that an instrumentation patches, as OpenTelemetry's base class describes it. */
interface ModuleDefinition {
  readonly name?: string;
  readonly supportedVersions?: readonly string[];
  readonly patch?: (exports: unknown, version?: string) => unknown;
}

/** What is used of an instrumentation of any vendor. */
export interface Instrumentation {
  enable?(): void;
  setTracerProvider?(provider: TracerProvider): void;
  setLoggerProvider?(provider: unknown): void;
  /** To be called in any case: some make their instruments only then, and fail in the application's calls without. */
  setMeterProvider?(provider: MeterProvider): void;
  manuallyInstrument?(module: unknown): void;
  /** Inside OpenTelemetry's base class: which versions of which modules are watched. */
  readonly _modules?: readonly ModuleDefinition[];
}

/** Makes the instrumentation that a package exports. It does nothing before it is enabled. */
export function makeInstrumentation(
  exports: Readonly<Record<string, unknown>>,
  config: object,
): Instrumentation {
  const [, found] =
    Object.entries(exports).find(
      ([name, value]) => typeof value === 'function' && /^[A-Z]\w+Instrumentation$/.test(name),
    ) ?? [];
  if (!found) throw new TypeError('it exports no instrumentation class');
  return new (found as new (config: object) => Instrumentation)({ ...config, enabled: false });
}

/** Versions of a library that the instrumentation is for, `undefined` when it does not say. */
export function rangeOf({ _modules }: Instrumentation, { specifier }: Library): string | undefined {
  const ranges = definitionOf(_modules, specifier)?.supportedVersions ?? [];
  return ranges.length > 0 ? ranges.join(' || ') : undefined;
}

/** A patch on a version that it was not made for breaks the application. */
export function takesVersion(
  instrumentation: Instrumentation,
  library: Library,
  version: string | undefined,
): boolean {
  const range = rangeOf(instrumentation, library);
  return version === undefined || range === undefined || isInRange(version, range);
}

/** Patches a module that is loaded, where no hook of the instrumentation itself sees it. */
export function patchModule(
  instrumentation: Instrumentation,
  { specifier, manual }: Library,
  exports: Readonly<Record<string, unknown>>,
  version: string | undefined,
): void {
  if (typeof instrumentation.manuallyInstrument === 'function') {
    instrumentation.manuallyInstrument(manual === 'module' ? exports : (exports['default'] ?? exports));
    return;
  }
  const { patch } = definitionOf(instrumentation._modules, specifier) ?? {};
  if (typeof patch !== 'function') throw new TypeError('it cannot be applied to ES modules');
  patch(exports, version);
}

function definitionOf(
  definitions: readonly ModuleDefinition[] | undefined,
  specifier: string,
): ModuleDefinition | undefined {
  return definitions?.find(({ name }) => name === specifier) ?? definitions?.[0];
}
