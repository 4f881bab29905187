import type { Dialect } from './dialect.ts';
import { attribute } from './shared/sources.ts';

/** Crates by the module that a span comes from. */
const CRATES: readonly (readonly [module: RegExp, framework: string])[] = [
  [/^rig(?:_[a-z]+)*(?:::|$)/, 'rig'],
  [/^genai(?:::|$)/, 'genai'],
];

/**
 * Spans of Rust's `tracing`, by way of `tracing-opentelemetry`: their scope is the name that the application chose, so a
 * crate is known by the module alone. Says nothing about AI, so it recognises no span by itself.
 */
export const rustTracing: Dialect = {
  id: 'rust-tracing',
  title: 'Rust crates (rig, genai) through tracing-opentelemetry',
  detect: {},
  fields: {
    framework: [
      attribute('target', frameworkOfModule),
      attribute('code.module.name', frameworkOfModule),
      attribute('code.namespace', frameworkOfModule),
    ],
  },
};

function frameworkOfModule(module: unknown): string | undefined {
  if (typeof module !== 'string') return undefined;
  return CRATES.find(([pattern]) => pattern.test(module))?.[1];
}
