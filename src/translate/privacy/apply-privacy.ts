import { CachedJson } from '../../json/cached-json.ts';
import type { LlmCall } from '../call/llm-call.ts';
import { PROPERTY_TABLE } from '../event/property-table.ts';
import type { EventProperties, PostHogEvent } from '../posthog-event.ts';
import { contentRowOf } from './content-index.ts';
import type { ContentRow, Treatment } from './content-row.ts';
import {
  type CustomPlace,
  type CustomWalk,
  createCustomWalk,
  MESSAGE_ROW,
  mayHoldMembers,
} from './custom-values.ts';
import { type ContentFilters, filterContent } from './filter-content.ts';
import { knownSettings } from './model-parameters.ts';
import { isMoreThanName, plainName } from './quoted-names.ts';
import type { Redactor } from './redactors.ts';
import { hasStrictForm, singleWord, strictly, toolNamesOnly, withoutSpaces } from './reduced-values.ts';
import { unknownPropertiesOf } from './unknown-properties.ts';
import { withoutUrlCredentials, withoutUrlQuery } from './url-credentials.ts';

/** What may leave in one event. */
export interface ContentPolicy extends ContentFilters {
  /** Withholds the content altogether; see `decidePrivacy`. */
  readonly privacyMode: boolean;
  /** What the event stage put before custom metadata keys. Default: `metadata_`. */
  readonly metadataPrefix?: string | undefined;
  /** Span attributes that are sent beside what is understood, by name or pattern. */
  readonly includeAttributes?: readonly string[] | undefined;
}

/** The part of it that the configuration decides. */
export interface ContentOptions extends Omit<ContentPolicy, 'privacyMode' | 'redact'> {
  readonly redact?: readonly Redactor[] | undefined;
}

/** What was done to a property: taken out, replaced by a form without content, or sent with parts replaced. */
export type PrivacyAction = 'removed' | 'reduced' | 'filtered' | 'removed after an error';

/** Called for every property that was changed, for `explain`. It never sees a value. */
export type PrivacyObserver = (property: string, action: PrivacyAction) => void;

/** An event under treatment. */
interface Scene {
  readonly event: PostHogEvent;
  readonly call: LlmCall | undefined;
  readonly policy: ContentPolicy;
  readonly observer: PrivacyObserver;
  customWalk: CustomWalk | undefined;
  unknown: ((property: string) => boolean) | undefined;
}

const NO_OBSERVER: PrivacyObserver = () => {};

/** Where members stand: properties of the event, or inside a custom value. */
const TOP: CustomPlace = { path: '', depth: 0 };

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
  observer: PrivacyObserver = NO_OBSERVER,
): PostHogEvent {
  try {
    const properties = treatMembers(event.properties, TOP, {
      event,
      call,
      policy,
      observer,
      customWalk: undefined,
      unknown: undefined,
    });
    return properties === event.properties ? event : { ...event, properties };
  } catch {
    return { ...event, properties: withoutContent(event) };
  }
}

/** Applies the table to the properties of the event, and to the members of custom values inside. */
function treatMembers(members: EventProperties, place: CustomPlace, scene: Scene): EventProperties {
  // Before: what a getter adds meanwhile is not treated, and must not leave.
  const names = Object.keys(members);
  let changes: Map<string, unknown> | undefined;
  for (const name of names) {
    try {
      const value = members[name];
      const treated = treatMember(name, value, place, scene);
      if (treated !== value) changes = (changes ?? new Map()).set(name, treated);
    } catch {
      changes = (changes ?? new Map()).set(name, undefined);
      scene.observer(place.path + name, 'removed after an error');
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

function treatMember(name: string, value: unknown, { path, depth }: CustomPlace, scene: Scene): unknown {
  const { policy } = scene;
  const row = contentRowOf(name, policy.metadataPrefix ?? 'metadata_');
  if (row !== undefined) return treatByRow(row, value, path + name, scene);
  const walked =
    name.startsWith('$') || !mayHoldMembers(value)
      ? value
      : customWalkIn(scene)(value, { path: path + name, depth });
  if (!policy.privacyMode || walked === undefined || !isUnknown(name, path, scene)) return walked;
  const kept = hasStrictForm(name.replace(/^\$/, '')) ? strictly(walked) : undefined;
  if (kept === undefined) scene.observer(path + name, 'removed');
  else if (isReduced(kept, walked)) scene.observer(path + name, 'reduced');
  else return walked;
  return kept;
}

const KNOWN_PROPERTIES: ReadonlySet<string> = new Set(PROPERTY_TABLE.map(({ property }) => property));

/** The meaning of the property is not known: an instrumentation filled it, or PostHog has no such property. */
function isUnknown(name: string, path: string, scene: Scene): boolean {
  if (path !== '') return false;
  if (name.startsWith('$')) return name.startsWith('$ai_') && !KNOWN_PROPERTIES.has(name);
  scene.unknown ??= unknownPropertiesOf(scene.call, scene.policy);
  return scene.unknown(name);
}

function isReduced(kept: unknown, value: unknown): boolean {
  return typeof kept === 'object' ? JSON.stringify(kept) !== JSON.stringify(value) : kept !== value;
}

/** Made when there is something to go through: most custom values are words and numbers. */
function customWalkIn(scene: Scene): CustomWalk {
  scene.customWalk ??= createCustomWalk({
    members: (members, place) => treatMembers(members, place, scene),
    messages: (value, { path }) => treatByRow(MESSAGE_ROW, value, path, scene),
    isPrivate: scene.policy.privacyMode,
  });
  return scene.customWalk;
}

function treatByRow(row: ContentRow, value: unknown, path: string, scene: Scene): unknown {
  const { policy, observer } = scene;
  const treatment = policy.privacyMode ? row.inPrivacyMode : row.byDefault;
  const treated = treat(treatment, value, row, scene);
  if (treated !== value) observer(path, actionOf(treatment, treated));
  return treated;
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
      return toolNamesOnly(value instanceof CachedJson ? value.value : value);
    case 'known settings':
      return knownSettings(value);
    case 'single word':
      return singleWord(value);
    case 'name not quoting':
      return isMoreThanName(value, event) ? plainName(event) : value;
    case 'name not a phrase':
      return typeof value === 'number' || !isMoreThanName(value, event, 3) ? value : undefined;
    case 'without spaces':
      return withoutSpaces(value);
    case 'url without credentials':
      return typeof value === 'string' ? withoutUrlCredentials(value) : undefined;
    case 'url without query':
      return typeof value === 'string' ? bareUrl(value, policy.privacyMode) : undefined;
  }
}

/** In privacy mode nothing that is no address, and no query that stands by itself. */
function bareUrl(url: string, isPrivate: boolean): string | undefined {
  const bare = withoutUrlQuery(url);
  return isPrivate && !ADDRESS.test(bare) ? undefined : bare;
}

const ADDRESS = /^[\w.:/@%~+,;!$()[\]*-]{0,2000}$/;

function kindIn({ event }: PostHogEvent, row: ContentRow): ContentRow['kind'] {
  return event === '$ai_embedding' && row.kind === 'input' ? 'embedding' : row.kind;
}

function actionOf(treatment: Treatment, treated: unknown): PrivacyAction {
  if (treated === undefined) return 'removed';
  return treatment === 'filtered' ? 'filtered' : 'reduced';
}

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
