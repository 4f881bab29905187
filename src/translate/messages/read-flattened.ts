import type { Message } from '../call/messages.ts';
import { neverThrow } from '../span/never-throw.ts';
import { readOpenInferenceMessage } from './flattened-openinference.ts';
import { readTraceloopMessage } from './flattened-traceloop.ts';
import { type FlatNode, listAt, nodeAt, treeOf } from './flattened-tree.ts';
import { readRecorded } from './read-messages.ts';

const STYLES = {
  openinference: readOpenInferenceMessage,
  traceloop: readTraceloopForm,
  any: readAnyMessage,
} as const;

/**
 * Builds messages from attributes whose names spell out a path.
 * @param entries rest of the name after the prefix (`0.message.role`, `0.content`, …) and value, in any order
 * @param defaultRole role of entries that carry none: `user` for input, `assistant` for output
 * @returns messages by their index, `undefined` when there is no content
 */
export function readFlattened(
  entries: ReadonlyArray<readonly [suffix: string, value: unknown]>,
  style: keyof typeof STYLES,
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

/** Others write OpenInference's form (`N.message.role`) below Traceloop's names. */
function readTraceloopForm(entry: FlatNode, defaultRole: string): Message | undefined {
  return nodeAt(entry, 'message')
    ? readOpenInferenceMessage(entry, defaultRole)
    : readTraceloopMessage(entry, defaultRole);
}

/** One entry of an unknown emitter: in either form, or a whole message as JSON. */
function readAnyMessage(entry: FlatNode, defaultRole: string): Message | undefined {
  if (entry.value !== undefined) return readRecorded(entry.value, defaultRole)?.[0];
  return readOpenInferenceMessage(entry, defaultRole) ?? readTraceloopMessage(entry, defaultRole);
}
