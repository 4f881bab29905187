import { MAX_API_KEY_BYTES } from './defaults.ts';
import type { Finding } from './option-row.ts';
import { typeName } from './type-name.ts';

export type ApiKeyCheck =
  | { readonly type: 'usable'; readonly apiKey: string; readonly warnings: readonly string[] }
  | { readonly type: 'unusable'; readonly finding: Finding };

/** Where people find the key they need. */
const WHERE_TO_FIND =
  'Use the project API key (it begins with "phc_"); PostHog shows it under Settings, Project, General.';

/** What guides and templates write where the key belongs. */
const PLACEHOLDER =
  /^(?:phc_)?(?:\.{2,}|…|\*+|<.*>|\[.*\]|\{\{.*\}\}|\$\{.*\}|(?:your|my|ph|posthog|project|replace)[-_ ].*(?:key|token|here|me)|changeme|todo)$/i;

/** Keys of OpenAI, Anthropic, OpenRouter and others that follow them. */
const MODEL_PROVIDER_KEY = /^sk-/;

/**
 * Checks the shape of a project API key by the rules of PostHog's capture service, which answers 401 to keys that are
 * empty, longer than 64 bytes, not ASCII, hold a NUL, or are personal keys. The result never quotes the key.
 */
export function checkApiKey(raw: unknown): ApiKeyCheck {
  if (typeof raw !== 'string') {
    return unusable(
      'api-key-malformed',
      `The API key must be a string, not ${typeName(raw)}.`,
      WHERE_TO_FIND,
    );
  }
  const apiKey = raw.trim();
  if (apiKey === '') {
    return unusable('api-key-missing', 'The API key is empty.', WHERE_TO_FIND);
  }
  if (apiKey.startsWith('phx_')) {
    return unusable(
      'api-key-personal',
      'This is a personal API key ("phx_…"). It opens your PostHog account and cannot send events.',
      WHERE_TO_FIND,
    );
  }
  if (/^(["'`]).*\1$/.test(apiKey)) {
    return unusable(
      'api-key-malformed',
      'The API key stands in quotes that belong to it.',
      'Write it without the quotes; in a .env file for Docker they count as part of the value.',
    );
  }
  if (PLACEHOLDER.test(apiKey)) {
    return unusable('api-key-malformed', 'The API key is a placeholder.', WHERE_TO_FIND);
  }
  if (MODEL_PROVIDER_KEY.test(apiKey)) {
    return unusable(
      'api-key-malformed',
      'This looks like the key of a model provider ("sk-…"), which PostHog must not get.',
      WHERE_TO_FIND,
    );
  }
  const flaw = shapeFlaw(apiKey);
  if (flaw !== undefined) {
    return unusable('api-key-malformed', `The API key ${flaw}.`, WHERE_TO_FIND);
  }
  const warnings = apiKey.startsWith('phc_')
    ? []
    : [
        'The API key does not begin with "phc_", as project API keys of PostHog do. Check that it is the right one.',
      ];
  return { type: 'usable', apiKey, warnings };
}

function shapeFlaw(apiKey: string): string | undefined {
  if (Buffer.byteLength(apiKey) > MAX_API_KEY_BYTES) {
    return `is longer than ${MAX_API_KEY_BYTES} bytes`;
  }
  if (apiKey.includes('\0')) {
    return 'holds a NUL character';
  }
  // Only what can be seen: a blank or a line break inside a key is a slip of the clipboard.
  return /^[\x21-\x7e]+$/.test(apiKey)
    ? undefined
    : 'holds characters that no key has (only visible ASCII is allowed)';
}

/** The key without white space around it; the empty string for one that cannot be used. */
export function usableApiKey(raw: unknown): string {
  const check = checkApiKey(raw);
  return check.type === 'usable' ? check.apiKey : '';
}

function unusable(code: Finding['code'], message: string, fix: string): ApiKeyCheck {
  return { type: 'unusable', finding: { code, message, fix } };
}
