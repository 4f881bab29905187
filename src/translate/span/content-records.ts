import { neverThrow } from './never-throw.ts';
import type { AttributeMap, SpanView } from './span-view.ts';

/**
 * Log records that hold what a model was asked, what it answered or what that cost, under names of a vendor's own.
 * Each names the attributes that hold it; a record without any has its facts in other attributes, which the vendor's
 * dialect reads.
 */
export interface VendorRecord {
  readonly input?: string;
  readonly output?: string;
  /** Attribute that the span of the call carries with the same value; the record's own span is another one. */
  readonly joinedBy?: string;
}

/**
 * By name. Sources: `QwenLM/qwen-code` and `google-gemini/gemini-cli` (packages/core/src/telemetry), Claude Code's
 * monitoring documentation, `openai/codex` (codex-rs/otel).
 */
export const VENDOR_RECORDS: ReadonlyMap<string, VendorRecord> = new Map(
  Object.entries({
    'qwen-code.api_request': { input: 'request_text' },
    'qwen-code.api_response': { output: 'response_text' },
    'qwen-code.api_error': {},
    'gemini_cli.api_request': { input: 'request_text' },
    'gemini_cli.api_response': { output: 'response_text' },
    'gemini_cli.api_error': {},
    'claude_code.user_prompt': { input: 'prompt' },
    'claude_code.assistant_response': { output: 'response', joinedBy: 'request_id' },
    'claude_code.api_request': { joinedBy: 'request_id' },
    'claude_code.api_error': { joinedBy: 'request_id' },
    'codex.tool_result': { joinedBy: 'call_id' },
  }),
);

/** Spring AI writes plain texts; a heading says what follows. Source: `spring-projects/spring-ai` (observation handlers). */
const TEXT_RECORDS: readonly (readonly [scope: string, heading: string, name: string])[] = [
  ['org.springframework.ai.', 'Chat Model Prompt Content:', 'spring_ai.chat_model.prompt'],
  ['org.springframework.ai.', 'Chat Model Completion:', 'spring_ai.chat_model.completion'],
  ['org.springframework.ai.', 'Chat Client Prompt Content:', 'spring_ai.chat_client.prompt'],
  ['org.springframework.ai.', 'Chat Client Completion:', 'spring_ai.chat_client.completion'],
];

const CLAUDE_CODE_EVENTS = 'com.anthropic.claude_code.events';

/**
 * The name under which a log record is known here.
 * @param given the field `eventName`, and the attribute `event.name` of records from before they had names
 * @returns `undefined` for records that have nothing to do with a model call
 */
export function contentRecordName(
  given: readonly unknown[],
  scopeName: string,
  body: unknown,
): string | undefined {
  const names = given.filter((name) => typeof name === 'string' && name !== '') as string[];
  for (const name of names) {
    if (name.startsWith('gen_ai.') || VENDOR_RECORDS.has(name)) return name;
    const ofClaudeCode = `claude_code.${name}`;
    if (scopeName === CLAUDE_CODE_EVENTS && VENDOR_RECORDS.has(ofClaudeCode)) return ofClaudeCode;
  }
  if (names.length > 0 || typeof body !== 'string') return undefined;
  return TEXT_RECORDS.find(
    ([scope, heading]) => scopeName.startsWith(scope) && body.startsWith(heading),
  )?.[2];
}

/** What a record is joined to its call by, when that is not the span it was written in. */
export function joinKeyOf(name: string, attributes: AttributeMap): string | undefined {
  const attribute = VENDOR_RECORDS.get(name)?.joinedBy;
  const value = attribute === undefined ? undefined : attributes[attribute];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

type NamedAttributes = Pick<SpanView, 'attributes' | 'attributeNames'>;

/** Whether it shows by the names alone that a span has none of these attributes. */
function namesNone({ attributeNames }: NamedAttributes, names: readonly string[]): boolean {
  return attributeNames !== undefined && !names.some((name) => attributeNames.includes(name));
}

const REQUEST_IDS = ['request_id', 'call_id'] as const;

/** The id of the request or the tool call that a span records, for records of other spans that name it. */
export function requestIdOf(span: NamedAttributes): string | undefined {
  if (namesNone(span, REQUEST_IDS)) return undefined;
  const { attributes } = span;
  const value = neverThrow(() => attributes.request_id ?? attributes.call_id);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const MODEL_ATTRIBUTES = [
  'gen_ai.request.model',
  'gen_ai.response.model',
  'llm.request.model',
  'llm.model_name',
] as const;

/** Operations around a model call, which name its model too. */
const AROUND_CALLS = /agent|tool|workflow|task|handoff|guardrail|retriev|framework/i;

/** Whether a span, by its attributes' names, is a call of a model: one of which log records or another span may say more. */
export function looksLikeModelCall(span: NamedAttributes): boolean {
  return !namesNone(span, MODEL_ATTRIBUTES) && neverThrow(() => isCallOfModel(span.attributes)) === true;
}

function isCallOfModel(attributes: AttributeMap): boolean {
  const operation = attributes['gen_ai.operation.name'];
  if (typeof operation === 'string' && AROUND_CALLS.test(operation)) return false;
  return MODEL_ATTRIBUTES.some((name) => attributes[name] !== undefined);
}
