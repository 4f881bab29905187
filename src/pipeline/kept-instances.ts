import { LiteralScanner } from '../json/literal-scanner.ts';
import { ObjectBuilder } from '../json/memory/object-builder.ts';
import { inputOf } from '../translate/call/llm-call.ts';
import { registryIndex } from '../translate/dialects/registry.ts';
import { toEvent } from '../translate/event/to-event.ts';
import { readFields } from '../translate/reading/field-reader.ts';
import { readCall } from '../translate/reading/read-call.ts';
import { readSdkSpan } from '../translate/span/read-sdk-span.ts';

// biome-ignore lint/correctness/noUnusedVariables: to hold them is the use
let kept: readonly unknown[] | undefined;

/**
 * Keeps one of each kind of object that comes and goes with the calls.
 *
 * What it buys: a full collection that finds no object of a layout, as between two exports it mostly does, drops the
 * layout, and with it the machine code that was compiled for it all over the translation. Seen in Node 20 to 24; it was
 * about a tenth of the CPU time of a busy exporter.
 */
export function keepInstances(): void {
  kept ??= makeInstances();
}

/** Whatever becomes of a call on its way, in every form that is passed on as it was recorded. */
function makeInstances(): unknown[] {
  const span = readSdkSpan(AI_SPAN);
  const reader = span && readFields(span, registryIndex);
  const result = span && readCall(span, { texts: 'recorded' });
  const event = result?.type === 'call' && toEvent(result.call, { metadataPrefix: '', maxMetadataDepth: 1 });
  const input = result?.type === 'call' && inputOf(result.call);
  return [span, reader, result, input, event, new LiteralScanner(''), new ObjectBuilder()];
}

/** Long enough to stay where it was recorded. */
const TEXT = ' '.repeat(1_000);
const CALL = { type: 'tool_call', id: 'id', name: 'name', arguments: { text: TEXT } };

const AI_SPAN = {
  spanContext: () => ({ traceId: '0', spanId: '0' }),
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify([
      { role: 'user', parts: [{ type: 'text', content: TEXT }] },
      { role: 'assistant', parts: [{ type: 'reasoning', content: TEXT }, CALL] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'id', response: TEXT }] },
    ]),
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: TEXT }], finish_reason: 'stop' },
      { role: 'assistant', parts: [{ type: 'text', content: TEXT }, CALL], finish_reason: 'tool_call' },
    ]),
  },
};
