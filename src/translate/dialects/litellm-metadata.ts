import { PROXY_NOTES } from '../call/metadata-noise.ts';
import { isPlaceholder } from '../messages/recorded-json.ts';
import type { AttributeEntries } from './dialect.ts';
import { metadataReader } from './shared/metadata.ts';

/** What the proxy notes for itself, and what is read as a fact of the trace. */
const NOT_METADATA = [...PROXY_NOTES, 'tags', 'trace_user_id', 'trace_name', 'generation_name'];

/** The request's own metadata, and that of the key which a proxy knew it by (newer releases). */
export const METADATA_PREFIXES = ['metadata.', 'litellm.metadata.'] as const;

export function teamMetadata(entries: AttributeEntries): Readonly<Record<string, unknown>> | undefined {
  const named = entries.map(([name, value]) => [`team_${name}`, value] as const);
  return requestMetadata(named);
}

const readMetadata = metadataReader(NOT_METADATA);

/** Keys without a value are written as empty texts. */
export function requestMetadata(entries: AttributeEntries): Readonly<Record<string, unknown>> | undefined {
  return readMetadata(entries.filter(([, value]) => !isPlaceholder(value) && value !== 'None'));
}
