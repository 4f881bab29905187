import type { LlmCall } from '../call/llm-call.ts';
import { isOfInstrumentation } from './content-attributes.ts';

export interface IncludedNames {
  readonly metadataPrefix?: string | undefined;
  readonly includeAttributes?: readonly string[] | undefined;
}

/** Where custom keys go whose own name is taken, whatever the prefix option says. */
const FALLBACK_PREFIX = 'metadata_';

/**
 * Custom properties of an event whose meaning is not known: metadata that an instrumentation filled, its tags, and span
 * attributes that are sent by a pattern or that belong to an instrumentation. What the application sets by `withTrace`
 * and `trace.*`, and attributes that it lists by their full names, it knows itself.
 *
 * @param call `undefined` for an event of no span, whose properties the application gave
 */
export function unknownPropertiesOf(
  call: LlmCall | undefined,
  { metadataPrefix = FALLBACK_PREFIX, includeAttributes = [] }: IncludedNames,
): (property: string) => boolean {
  if (!call) return () => false;
  const { instrumentationMetadata, metadata, tags } = call.trace;
  const unknown = new Set<string>();
  const add = (key: string) => unknown.add(metadataPrefix + key).add(FALLBACK_PREFIX + key);
  for (const key in instrumentationMetadata) {
    if (metadata?.[key] === instrumentationMetadata[key]) add(key);
  }
  if (tags && metadata?.tags === undefined) add('tags');
  for (const name in call.extraAttributes) {
    if (!includeAttributes.includes(name) || isOfInstrumentation(name)) unknown.add(name);
  }
  return (property) => unknown.has(property);
}
