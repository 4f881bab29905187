import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

/** What is written of a new destination. */
export interface NewDestination {
  readonly name: string;
  /** As it is to stand in the file: a key, or a reference such as `${env:POSTHOG_KEY_PRODUCT}`. */
  readonly apiKey: string;
  readonly endpoint: string;
  readonly privacyMode: boolean;
}

/** Closed: adding never throws. Reasons hold no values of the file. */
export type AddedDestination =
  | { readonly type: 'added'; readonly text: string }
  | { readonly type: 'refused'; readonly reason: string };

/**
 * The text of a config file with one destination more. YAML keeps its comments, its order and what this version does not
 * know; JSON stays JSON. An empty text becomes a file with this destination.
 */
export function addDestination(text: string, destination: NewDestination, isJson: boolean): AddedDestination {
  const document = parseDocument(text.trim() === '' ? '{}' : text, { prettyErrors: false });
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents)) {
    return refused('it is not valid YAML or JSON, or holds no object');
  }
  const listed = contents.get('destinations', true);
  if (listed === undefined && holdsOptions(contents.items.map(({ key }) => key))) {
    return refused(
      'it has one destination, whose options stand at the top; move them into a list, "destinations", first',
    );
  }
  if (listed !== undefined && !isSeq(listed)) return refused('its "destinations" is no list');
  const names = isSeq(listed) ? listed.items.map((item) => (isMap(item) ? item.get('name') : undefined)) : [];
  if (names.includes(destination.name)) {
    return refused(`it has a destination ${JSON.stringify(destination.name)} already`);
  }
  const { privacyMode, ...rest } = destination;
  const added = { ...rest, ...(privacyMode ? { privacyMode } : {}) };
  if (isSeq(listed)) listed.add(document.createNode(added));
  else document.set('destinations', document.createNode([added]));
  if (isJson) return { type: 'added', text: `${JSON.stringify(document.toJS(), null, 2)}\n` };
  // A file that began as nothing is written in lines.
  if (contents.items.length === 1) contents.flow = false;
  return { type: 'added', text: document.toString({ lineWidth: 0 }) };
}

/** Options of a destination that stand at the top of a file without a list. */
const OPTIONS_AT_TOP: readonly unknown[] = ['apiKey', 'endpoint', 'privacyMode'];

function holdsOptions(keys: readonly unknown[]): boolean {
  return keys.some((key) =>
    OPTIONS_AT_TOP.includes(isScalar(key as Node) ? (key as { value: unknown }).value : key),
  );
}

function refused(reason: string): AddedDestination {
  return { type: 'refused', reason };
}
