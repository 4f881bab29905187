import type { AttributeMap } from './span-view.ts';

/** Where gateways put the name of the key that a call was made with: OpenRouter Broadcast, LiteLLM's proxy. */
const NAMES = [
  'trace.metadata.openrouter.api_key_name',
  'metadata.user_api_key_alias',
  'litellm.metadata.user_api_key_alias',
] as const;

/** The name of the key of a gateway, never the key. */
export function apiKeyNameOf(attributes: AttributeMap): string | undefined {
  for (const name of NAMES) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
