import type { EventProperties, PostHogEvent } from '../posthog-event.ts';
import { quotesContent, singleWord } from './reduced-values.ts';
import { walkTexts } from './walk-texts.ts';

/** Whether a name of an event is a sentence, or says what the content of the event says. */
export function isMoreThanName(name: unknown, { properties }: PostHogEvent): boolean {
  return quotesContent(name, (quote) => hasText(properties, quote));
}

/** Stands in place of a name that was none. */
export function plainName({ event, properties }: PostHogEvent): unknown {
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
