import type { Message } from '../call/messages.ts';
import { readOpenInferenceMessage } from './flattened-openinference.ts';
import { readTraceloopMessage } from './flattened-traceloop.ts';
import { listAt, treeOf } from './flattened-tree.ts';
import { neverThrow } from './never-throw.ts';

const STYLES = { openinference: readOpenInferenceMessage, traceloop: readTraceloopMessage } as const;

/**
 * Builds messages from attributes whose names spell out a path.
 * @param entries rest of the name after the prefix (`0.message.role`, `0.content`, …) and value, in any order
 * @param defaultRole role of entries that carry none: `user` for input, `assistant` for output
 * @returns messages by their index, `undefined` when there is no content
 */
export function readFlattened(
  entries: ReadonlyArray<readonly [suffix: string, value: unknown]>,
  style: 'openinference' | 'traceloop',
  defaultRole = 'user',
): Message[] | undefined {
  return neverThrow(() => {
    const read = STYLES[style];
    const messages = listAt(treeOf(entries)).flatMap((entry) => read(entry, defaultRole) ?? []);
    const isUsable = messages.some(
      ({ parts, finishReason }) => parts.length > 0 || finishReason !== undefined,
    );
    return isUsable ? messages : undefined;
  });
}
