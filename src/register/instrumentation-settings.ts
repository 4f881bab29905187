import type { Instrumentation } from './instrumentation.ts';
import type { ModulesOfApp } from './modules-of-app.ts';

export interface InstrumentationSettings {
  readonly places: readonly ModulesOfApp[];
  /** Handed to every instrumentation. */
  readonly config: object;
  /** The only packages to use; `undefined`: the best of what is installed for each library. */
  readonly wanted: readonly string[] | undefined;
  /**
   * True when no code of the application has run: its modules are patched when it imports them. False: those that it
   * has may be loaded, and all are patched at once.
   */
  readonly isFirst: boolean;
  /** Called with each instrumentation that is in force. */
  readonly onEnabled: (instrumentation: Instrumentation) => void;
  /** Takes what turns out to be wrong later; a sentence without a full stop. */
  readonly warn: (text: string) => void;
}

/** What became of the calls of one library. */
export interface LibraryReport {
  readonly library: string;
  /** Installed, as far as the application's folder shows. */
  readonly version: string | undefined;
  /** The instrumentation package in force: a hook is registered, or the library is patched. */
  readonly enabled: string | undefined;
  /** How the library records its calls by itself, where it needs nothing but to be told. */
  readonly ownTelemetry?: string;
  /** What was passed over and why, and what to do; sentences without a full stop. */
  readonly notes: readonly string[];
}
