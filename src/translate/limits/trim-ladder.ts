import type { Holder } from '../../json/json-holder.ts';
import type { Trim } from './trim-record.ts';

const KIB = 1024;

/** What can be heavy: the conversation itself, the tools that were offered in it, and what its prompt was made of. */
export const CONTENT_PROPERTIES: readonly string[] = [
  '$ai_input',
  '$ai_input_state',
  '$ai_output_choices',
  '$ai_output',
  '$ai_output_state',
  '$ai_tools',
  '$ai_prompt_template',
  '$ai_prompt_variables',
];

/** Of PostHog's own properties besides content, those that may be cut when nothing else is left. */
const DETAIL_PROPERTIES: ReadonlySet<string> = new Set([
  '$ai_error',
  '$ai_model_parameters',
  '$ai_span_name',
  '$ai_agent_name',
  '$ai_stop_reason',
  '$ai_base_url',
]);

/** `details`: error text, descriptions, and everything custom. What is in neither group is never touched. */
export type PropertyGroup = 'content' | 'details';

export type Rung =
  | { readonly action: 'media'; readonly group: PropertyGroup }
  /** Texts in tool results become as short as needed, but keep `keepBytes`; the longest are cut first. */
  | { readonly action: 'tool_results'; readonly group: PropertyGroup; readonly keepBytes: number }
  /** Does nothing when all the messages it may drop would not bring `minShare` of what is needed. */
  | { readonly action: 'oldest_messages'; readonly group: PropertyGroup; readonly minShare: number }
  /** As `tool_results`, for every text. `as: 'json'` makes one text of a whole property and cuts that. */
  | {
      readonly action: 'content';
      readonly group: PropertyGroup;
      readonly as: 'texts' | 'json';
      readonly keepBytes: number;
    }
  /** Whole properties, the largest first. */
  | { readonly action: 'removed'; readonly group: PropertyGroup };

/**
 * Least part of what has to go that makes it worth while to give up many small things. Below it, something else is so
 * large that it has to be cut anyway, and messages or content are lost for nothing.
 */
export const MIN_SHARE = 1 / 16;

/** What is given up, in this order, until the event fits. A rung is used up before the next one begins. */
export const LADDER: readonly Rung[] = [
  { action: 'media', group: 'content' },
  { action: 'tool_results', group: 'content', keepBytes: KIB },
  { action: 'oldest_messages', group: 'content', minShare: MIN_SHARE },
  { action: 'content', group: 'content', as: 'texts', keepBytes: KIB / 4 },
  { action: 'oldest_messages', group: 'content', minShare: 0 },
  { action: 'content', group: 'content', as: 'json', keepBytes: KIB / 4 },
  { action: 'removed', group: 'content' },
  { action: 'content', group: 'details', as: 'texts', keepBytes: KIB / 4 },
  { action: 'content', group: 'details', as: 'json', keepBytes: KIB / 4 },
  { action: 'removed', group: 'details' },
];

/** An event's properties on their way down the ladder; the rungs change them in place. */
export interface Draft {
  readonly properties: Holder;
  /** Bytes of the event as JSON, without the record of trims. */
  bytes: number;
  readonly trims: Trim[];
}

/** Takes note of a cut that has been made. */
export function noteTrim(draft: Draft, trim: Trim): void {
  if (trim.count === 0) return;
  draft.bytes -= trim.removedBytes;
  draft.trims.push(trim);
}

/** Names of a group that the event has: content in the order of the conversation, details as they stand. */
export function namesOf(group: PropertyGroup, { properties }: Draft): string[] {
  switch (group) {
    case 'content':
      return CONTENT_PROPERTIES.filter((name) => Object.hasOwn(properties, name));
    case 'details':
      return Object.keys(properties).filter((name) => !name.startsWith('$') || DETAIL_PROPERTIES.has(name));
  }
}
