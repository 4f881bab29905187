import { esModuleEntry } from './es-module-entry.ts';
import { firstLine } from './first-line.ts';
import { isDirect, placeOf, versionOf } from './installed-version.ts';
import type { InstrumentationSettings, LibraryReport } from './instrumentation-settings.ts';
import { loadNow } from './on-import.ts';
import { isInRange } from './version-range.ts';

/** The package that makes spans of what the AI SDK reports. */
export const AI_SDK_TELEMETRY = '@ai-sdk/otel';
const LIBRARY = 'ai';
/** Majors before it record a call when the call says so, and need no package. */
const TAKES = '>=7';

type Settings = Pick<InstrumentationSettings, 'places' | 'wanted' | 'warn'>;

/** What the AI SDK calls at each event of a model call, by name. */
type Telemetry = Readonly<Record<PropertyKey, unknown>>;

/** Does what the AI SDK asks the application for: `registerTelemetry(new OpenTelemetry())`. */
export function enableAiSdkTelemetry({ places, wanted, warn }: Settings): LibraryReport | undefined {
  const home = placeOf(places, LIBRARY);
  const version = home && versionOf(home, LIBRARY);
  if (version === undefined) return undefined;
  if (!isInRange(version, TAKES)) return isDirect(places, LIBRARY) ? recordsByItself(version) : undefined;
  if (!(wanted?.includes(AI_SDK_TELEMETRY) ?? true)) return undefined;
  const report = { library: LIBRARY, version };
  const place = placeOf(places, AI_SDK_TELEMETRY);
  const entry = place && esModuleEntry(place, AI_SDK_TELEMETRY);
  if (place === undefined || entry === undefined) {
    const missing = `${LIBRARY} ${version} is installed, and nothing records its calls; npm install ${AI_SDK_TELEMETRY}`;
    return { ...report, enabled: undefined, notes: isDirect(places, LIBRARY) ? [missing] : [] };
  }
  addTelemetry(() => loadTelemetry(entry, warn));
  return { ...report, enabled: AI_SDK_TELEMETRY, notes: [] };
}

/** Which calls are recorded is written at each call, and cannot be seen from here. */
function recordsByItself(version: string): LibraryReport {
  const ownTelemetry = 'calls with experimental_telemetry: { isEnabled: true }';
  return { library: LIBRARY, version, enabled: undefined, ownTelemetry, notes: [] };
}

const OURS = Symbol.for('posthog-llm-exporter.ai-sdk-telemetry');

/**
 * Where `registerTelemetry` of every copy of the AI SDK keeps what is registered. Ours loads the package at the first
 * call, since it brings the whole AI SDK with it, and is silent where the application has registered one itself.
 */
function addTelemetry(load: () => () => Telemetry | undefined): void {
  const shared = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: Telemetry[] };
  shared.AI_SDK_TELEMETRY_INTEGRATIONS ??= [];
  const list = shared.AI_SDK_TELEMETRY_INTEGRATIONS;
  if (list.some((one) => one[OURS] === true)) return;
  let telemetry: (() => Telemetry | undefined) | undefined;
  const ours: Telemetry = new Proxy<Telemetry>(
    {},
    {
      get(_, name) {
        if (name === OURS) return true;
        if (list.some((one) => one !== ours && makesSpans(one))) return undefined;
        telemetry ??= load();
        const loaded = telemetry();
        const value = loaded?.[name];
        return typeof value === 'function' ? value.bind(loaded) : value;
      },
    },
  );
  list.push(ours);
}

function makesSpans({ tracer }: Telemetry): boolean {
  return typeof tracer === 'object' && tracer !== null && 'startSpan' in tracer;
}

/** Loaded at once where this Node can, else with the first call, which is not recorded then. Never throws. */
function loadTelemetry(entry: string, warn: (text: string) => void): () => Telemetry | undefined {
  let telemetry: Telemetry | undefined;
  const take = (exports: Readonly<Record<string, unknown>>) => {
    telemetry = new (exports['OpenTelemetry'] as new () => Telemetry)();
  };
  const fail = (error: unknown) => warn(`${AI_SDK_TELEMETRY} is not usable: ${firstLine(error)}`);
  try {
    const loaded = loadNow(entry);
    if (loaded instanceof Promise) loaded.then(take).catch(fail);
    else take(loaded);
  } catch (error) {
    fail(error);
  }
  return () => telemetry;
}
