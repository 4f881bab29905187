import type { CallKind } from '../../call/llm-call.ts';
import { matchesName } from '../../span/name-pattern.ts';
import type { SpanSource } from '../dialect.ts';
import { ofSpan, own } from './sources.ts';

/**
 * Kind by span name, for emitters that write no operation; read on the dialect's own spans alone.
 * @param table kind by name; a name ending in `*` matches any ending, the first that matches counts
 */
export function kindByName(table: Readonly<Record<string, CallKind>>): SpanSource<CallKind> {
  const patterns = Object.entries(table);
  return own(
    ofSpan('span name', ({ name }) => {
      const found = patterns.find(([pattern]) => matchesName(pattern, name));
      return found?.[1];
    }),
  );
}
