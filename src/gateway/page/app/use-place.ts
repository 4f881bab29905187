import { useEffect, useState } from 'preact/hooks';

export const VIEWS = [
  { id: 'calls', label: 'Calls' },
  { id: 'destinations', label: 'Destinations' },
  { id: 'senders', label: 'Senders' },
] as const;

export type ViewId = (typeof VIEWS)[number]['id'];

/** What the address of the page names: a view, and the call that is open in it. A link to it shows the same. */
export interface Place {
  readonly view: ViewId;
  /** Key of its row. */
  readonly call: string | undefined;
}

export function placeOf(hash: string): Place {
  const [, view, call = ''] = /^#([a-z]*)\/?(.*)$/.exec(hash) ?? [];
  const known = VIEWS.find(({ id }) => id === view)?.id ?? 'calls';
  return { view: known, call: known === 'calls' ? decoded(call) : undefined };
}

export function hashOf({ view, call }: Place): string {
  return call === undefined ? `#${view}` : `#${view}/${encodeURIComponent(call)}`;
}

/** Whoever types an address may type a wrong one. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text) || undefined;
  } catch {
    return undefined;
  }
}

/** The place, and how to go to another. Going from call to call makes no entries to go back through. */
export function usePlace(): readonly [Place, (place: Place) => void] {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const onChange = (): void => setPlace(placeOf(location.hash));
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  const goTo = (next: Place): void => {
    const isOpening = place.call === undefined && next.call !== undefined;
    if (isOpening) history.pushState(null, '', hashOf(next));
    else history.replaceState(null, '', hashOf(next));
    setPlace(next);
  };
  return [place, goTo];
}
