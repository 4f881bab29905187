import { createRequire } from 'node:module';

/** What is used of OpenTelemetry's SDK 2.x: see `../bundled-provider.ts`. */
export type BundledProvider = Readonly<Record<string, unknown>>;

/**
 * The SDK that this package brings. Loaded when it is needed, and without waiting: a call that the application makes at
 * once would find no tracer otherwise.
 * @returns `undefined` where the file is not there: in a bundle of the application that left it out
 */
export function loadBundledProvider(): BundledProvider | undefined {
  try {
    return createRequire(import.meta.url)('./bundled-provider.cjs') as BundledProvider;
  } catch {
    return undefined;
  }
}
