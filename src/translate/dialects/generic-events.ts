import type { Message } from '../call/messages.ts';
import { isConventional } from '../messages/read-event-messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import type { SpanEventView } from '../span/span-view.ts';
import type { EventsSource } from './dialect.ts';
import { endingOf } from './generic-sources.ts';
import { events, lastResort } from './shared/sources.ts';
import { wordsOf } from './shared/words.ts';

type Side = 'inputMessages' | 'outputMessages';

/** Under these names stands what an event is named for. */
const CONTENT_NAMES = ['content', 'text', 'message', 'value', 'body'] as const;

/** What was asked or answered, by the words of events that no convention knows, and of their attributes. */
export function saidInEvents(side: Side): EventsSource<readonly Message[]> {
  return lastResort(
    events('events, by their words', (list) => {
      const said = list.filter((event) => !isConventional(event)).flatMap((event) => saidIn(event, side));
      return said.length > 0 ? said : undefined;
    }),
  );
}

function saidIn({ name, attributes, body }: SpanEventView, side: Side): readonly Message[] {
  const role = side === 'inputMessages' ? 'user' : 'assistant';
  for (const key in attributes) {
    if (means(key, side)) return readMessages(attributes[key], role) ?? [];
  }
  if (!means(name, side)) return [];
  const content = CONTENT_NAMES.map((key) => attributes[key]).find((value) => value !== undefined) ?? body;
  return content === undefined ? [] : (readMessages(content, role) ?? []);
}

function means(name: string, side: Side): boolean {
  return endingOf(wordsOf(name)).some(
    ({ field, reading, isWeak }) => reading === 'messages' && field === side && !isWeak,
  );
}
