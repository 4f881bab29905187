import { objectOf } from '../../json/object-of.ts';

type Metadata = Readonly<Record<string, unknown>>;

/** What a LiteLLM proxy notes beside a request's metadata: credentials and their hashes, budgets, headers, copies. */
export const PROXY_NOTES = [
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
] as const;

const NOTES: ReadonlySet<string> = new Set(PROXY_NOTES);

/** Names that dialects read on the span itself, and loops of frameworks; Strands and Agent Framework repeat them all. */
const NATIVE_NAME =
  /^(?:gen_ai|llm|ai|server|error|exception|http|url|openinference|traceloop|event_loop|agent_framework)\./;

/** What LangChain and LangGraph note for themselves in the metadata of a run. */
const BOOKKEEPING = /^(?:langgraph_|ls_|lc_)|^(?:checkpoint_ns|is_langchain_root)$/;

/** Headers hold credentials. */
const HEADERS = /(?:^|[._-])headers$/i;

/**
 * The metadata without what an instrumentation put there that is not of the application: nulls, attributes of the span
 * again, bookkeeping, credentials and headers. What the application said itself stays as it is.
 */
export function withoutNoise(
  metadata: Metadata | undefined,
  ofInstrumentation: Metadata | undefined,
): Metadata | undefined {
  if (metadata === undefined || ofInstrumentation === undefined) return metadata;
  const all = Object.entries(metadata);
  const own = all.filter(([key, value]) => value !== ofInstrumentation[key] || !isNoise(key, value));
  return own.length === all.length ? metadata : objectOf(own);
}

function isNoise(key: string, value: unknown): boolean {
  return (
    value === null || NOTES.has(key) || NATIVE_NAME.test(key) || BOOKKEEPING.test(key) || HEADERS.test(key)
  );
}
