import { isPlaceholder } from '../messages/recorded-json.ts';
import type { AttributeEntries } from './dialect.ts';
import { metadataReader } from './shared/metadata.ts';

/** Secrets and their hashes, headers, addresses, budgets, content, and what stands elsewhere. */
const NOT_METADATA = [
  'user_api_key',
  'user_api_key_hash',
  'user_api_key_auth_metadata',
  'user_api_key_end_user_id',
  'user_api_key_user_id',
  'user_api_key_user_email',
  'user_api_key_spend',
  'user_api_key_max_budget',
  'user_api_key_budget_reset_at',
  'user_api_key_user_spend',
  'user_api_key_user_max_budget',
  'user_api_key_team_spend',
  'user_api_key_team_max_budget',
  'headers',
  'requester_custom_headers',
  'requester_ip_address',
  'requester_metadata',
  'vector_store_request_metadata',
  'mcp_tool_call_metadata',
  'prompt_management_metadata',
  'used_client_oauth_token',
  'usage_object',
  'cold_storage_object_key',
  'tags',
  'trace_user_id',
  'trace_name',
  'generation_name',
];

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
