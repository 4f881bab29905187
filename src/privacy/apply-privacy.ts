import type { LlmCall } from '../call/llm-call.ts';
import type { EventProperties, PostHogEvent } from '../event/posthog-event.ts';
import { contentRowOf } from './content-index.ts';
import type { ContentRow, Treatment } from './content-table.ts';
import { type ContentFilters, filterContent } from './filter-content.ts';
import { knownSettings } from './model-parameters.ts';
import { quotesContent, singleWord, toolNamesOnly } from './private-forms.ts';
import { withoutUrlCredentials, withoutUrlQuery } from './url-credentials.ts';
import { walkTexts } from './walk.ts';

/** What may leave in one event. */
export interface ContentPolicy extends ContentFilters {
  /** Withholds the content altogether; see `decidePrivacy`. */
  readonly privacyMode: boolean;
  /** What the event stage put before custom metadata keys. Default: `metadata_`. */
  readonly metadataPrefix?: string | undefined;
}

/** What was done to a property: taken out, replaced by a form without content, or sent with parts replaced. */
export type PrivacyAction = 'removed' | 'reduced' | 'filtered' | 'removed after an error';

/** Told of every property that was changed, for `explain`. It never sees a value. */
export type PrivacyObserver = (property: string, action: PrivacyAction) => void;

/** Custom values are nested at most so deep by the event stage; what lies deeper cannot be judged and goes. */
const MAX_CUSTOM_DEPTH = 12;

/** Members of all custom values of one event. What comes after goes, so that no value can hold up the event loop. */
const MAX_CUSTOM_MEMBERS = 100_000;

interface Scene {
  readonly event: PostHogEvent;
  readonly call: LlmCall | undefined;
  readonly policy: ContentPolicy;
  readonly observer: PrivacyObserver;
  customMembers: number;
}

/**
 * The event as it may leave: in privacy mode without content, else with media replaced, personal data redacted and every
 * text masked, in that order. By the content table; a property that is not in it stays as it is.
 *
 * Pure: neither event nor call is written to, and the same event comes back when nothing applies. Never throws, and
 * fails closed: a property that cannot be treated is removed, and if even that fails every property that could carry
 * content.
 *
 * @param call handed to the mask, and not looked at otherwise
 */
export function applyPrivacy(
  event: PostHogEvent,
  call: LlmCall | undefined,
  policy: ContentPolicy,
  observer: PrivacyObserver = () => {},
): PostHogEvent {
  const scene: Scene = { event, call, policy, observer, customMembers: 0 };
  try {
    const properties = treatMembers(event.properties, '', 0, scene);
    return properties === event.properties ? event : { ...event, properties };
  } catch {
    return { ...event, properties: withoutContent(event) };
  }
}

/** Applies the table to the properties of the event, and to the members of custom values inside. */
function treatMembers(members: EventProperties, path: string, depth: number, scene: Scene): EventProperties {
  const names = Object.keys(members);
  scene.customMembers += depth === 0 ? 0 : names.length;
  let changes: Map<string, unknown> | undefined;
  for (const name of names) {
    try {
      const value = members[name];
      const treated = treatMember(name, value, path, depth, scene);
      if (treated !== value) changes = (changes ?? new Map()).set(name, treated);
    } catch {
      changes = (changes ?? new Map()).set(name, undefined);
      scene.observer(path + name, 'removed after an error');
    }
  }
  return changes === undefined ? members : withChanges(members, names, changes);
}

/** A copy with some members replaced, or left out where the replacement is `undefined`. */
function withChanges(
  members: EventProperties,
  names: readonly string[],
  changes: ReadonlyMap<string, unknown>,
): EventProperties {
  const entries = names.map((name) => [name, changes.has(name) ? changes.get(name) : members[name]] as const);
  // `fromEntries` defines own members, so a key such as `__proto__` stays harmless.
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function treatMember(name: string, value: unknown, path: string, depth: number, scene: Scene): unknown {
  const { policy, observer } = scene;
  const row = contentRowOf(name, policy.metadataPrefix ?? 'metadata_');
  if (row === undefined) return isCustom(name, value) ? treatCustom(value, path + name, depth, scene) : value;
  const treatment = policy.privacyMode ? row.inPrivacyMode : row.byDefault;
  const treated = treat(treatment, value, row, scene);
  if (treated !== value) observer(path + name, actionOf(treatment, treated));
  return treated;
}

function isCustom(name: string, value: unknown): value is object {
  return typeof value === 'object' && value !== null && !name.startsWith('$');
}

function treatCustom(value: object, path: string, depth: number, scene: Scene): unknown {
  if (depth >= MAX_CUSTOM_DEPTH || scene.customMembers > MAX_CUSTOM_MEMBERS) return undefined;
  if (!Array.isArray(value)) return treatMembers(value as EventProperties, `${path}.`, depth + 1, scene);
  scene.customMembers += value.length;
  const treated = value.map((item: unknown) =>
    isCustom('', item) ? treatCustom(item, path, depth + 1, scene) : item,
  );
  return treated.some((item, index) => item !== value[index]) ? treated : value;
}

/** @returns `undefined` for a property that is removed */
function treat(treatment: Treatment, value: unknown, row: ContentRow, scene: Scene): unknown {
  const { event, call, policy } = scene;
  switch (treatment) {
    case 'sent':
      return value;
    case 'removed':
      return undefined;
    case 'filtered':
      return filterContent(value, kindIn(event, row), policy, call);
    case 'text removed':
      return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
    case 'names only':
      return toolNamesOnly(value);
    case 'known settings':
      return knownSettings(value);
    case 'single word':
      return singleWord(value);
    case 'error type':
      return singleWord(event.properties.$ai_error_type);
    case 'name not quoting':
      return quotesContent(value, (quote) => hasText(event.properties, quote)) ? plainName(event) : value;
    case 'url without credentials':
      return typeof value === 'string' ? withoutUrlCredentials(value) : undefined;
    case 'url without query':
      return typeof value === 'string' ? withoutUrlQuery(value) : undefined;
  }
}

function kindIn({ event }: PostHogEvent, row: ContentRow): ContentRow['kind'] {
  return event === '$ai_embedding' && row.kind === 'input' ? 'embedding' : row.kind;
}

function actionOf(treatment: Treatment, treated: unknown): PrivacyAction {
  if (treated === undefined) return 'removed';
  return treatment === 'filtered' ? 'filtered' : 'reduced';
}

/** Stands in place of a name that was none. */
function plainName({ event, properties }: PostHogEvent): unknown {
  return singleWord(properties.$ai_span_type) ?? event.replace('$ai_', '');
}

/** Whether any content of the event has this text in it; content that cannot be read is taken to have it. */
function hasText(properties: EventProperties, quote: string): boolean {
  let isFound = false;
  const look = (text: string) => {
    isFound ||= text.includes(quote);
    return text;
  };
  try {
    for (const name of CONTENT_TO_QUOTE) {
      if (!isFound && properties[name] !== undefined) walkTexts(properties[name], 'free', { text: look });
    }
    return isFound;
  } catch {
    return true;
  }
}

const CONTENT_TO_QUOTE = [
  '$ai_input',
  '$ai_output_choices',
  '$ai_input_state',
  '$ai_output_state',
  '$ai_error',
] as const;

/** What is left when the treatment itself failed: plain values of properties that carry no content. */
function withoutContent({ properties }: PostHogEvent): EventProperties {
  try {
    const plain = Object.entries(Object.getOwnPropertyDescriptors(properties)).flatMap(
      ([name, { value }]) => {
        const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
        return isPlain && contentRowOf(name, '') === undefined ? [[name, value] as const] : [];
      },
    );
    return Object.fromEntries(plain);
  } catch {
    return {};
  }
}
