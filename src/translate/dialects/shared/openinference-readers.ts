import type { Message, ToolDefinition } from '../../call/messages.ts';
import { type FlatNode, listAt, nodeAt, treeOf, valueAt } from '../../messages/flattened-tree.ts';
import { readFlattened } from '../../messages/read-flattened.ts';
import { readMessages } from '../../messages/read-messages.ts';
import { readToolDefinitions } from '../../messages/read-tool-definitions.ts';
import { isPlaceholder, isRecord, parseJson } from '../../messages/recorded-json.ts';
import type { AttributeEntries, PrefixSource, ReadContext } from '../dialect.ts';
import { type AnswerFacts, readAnswerFacts } from './answer-facts.ts';
import { toTexts } from './embeddings.ts';
import { fullerMessages } from './fuller-messages.ts';
import { prefixed } from './sources.ts';
import { toContent, toText } from './values.ts';

/** What OpenInference writes in place of a value that was masked at the source. */
const REDACTED = '__REDACTED__';

const NO_FACTS: AnswerFacts = {};

export function spanKindOf({ span }: Pick<ReadContext, 'span'>): unknown {
  return span.attributes['openinference.span.kind'];
}

/** Facts of the raw answer of a model. Other spans hold results of tools and steps there, which may look alike. */
export function answerOf(context: ReadContext): AnswerFacts {
  const kind = spanKindOf(context);
  // Vectors are not looked through when the tokens stand beside them.
  const isUncounted = kind === 'EMBEDDING' && !('llm.token_count.prompt' in context.span.attributes);
  return kind === 'LLM' || isUncounted ? readAnswerFacts(context.messagesJson('output.value')) : NO_FACTS;
}

export function ofAnswer<K extends keyof AnswerFacts>(fact: K) {
  return (_value: unknown, context: ReadContext): AnswerFacts[K] => answerOf(context)[fact];
}

/**
 * Flattened messages, completed from the raw body where they lost something: LangChain's lose ids and structured
 * content, Anthropic's the system prompt and images, Bedrock's the results of tools.
 */
export function messagesWithRaw(
  prefix: string,
  defaultRole: 'user' | 'assistant',
): PrefixSource<readonly Message[]> {
  const source = prefixed(prefix, (entries, context) => {
    const read = readFlattened(entries, 'openinference', defaultRole);
    if (spanKindOf(context) !== 'LLM' || isMasked(entries)) return read;
    return fullerMessages(read, rawMessages(defaultRole, context));
  });
  return { ...source, knowsWhole: true };
}

/** Who masked part of the flattened messages does not want it back from the raw body. */
function isMasked(entries: AttributeEntries): boolean {
  if (entries.some(([, value]) => value === REDACTED)) return true;
  // `hideInputImages` removes the image and leaves its type.
  const withImageType = entries.flatMap(([name, value]) =>
    value === 'image' && name.endsWith('.type') ? name.slice(0, -'.type'.length) : [],
  );
  if (withImageType.length === 0) return false;
  const names = new Set(entries.map(([name]) => name));
  const hasImage = (content: string) => IMAGE_MEMBERS.some((rest) => names.has(`${content}.${rest}`));
  return !withImageType.every(hasImage);
}

const IMAGE_MEMBERS = ['image', 'image.image.url', 'image.media_type', 'image.type'];

/** The raw body of a model call as messages; what steps and tools hold there is their state. */
export function rawOfModelCall(defaultRole: 'user' | 'assistant') {
  const flattened = defaultRole === 'user' ? 'llm.input_messages.' : 'llm.output_messages.';
  return (_value: unknown, context: ReadContext): readonly Message[] | undefined => {
    if (spanKindOf(context) !== 'LLM' && !isClaudeAgentSdk(context.span)) return undefined;
    const entries = Object.entries(context.span.attributes).filter(([name]) => name.startsWith(flattened));
    return isMasked(entries) ? undefined : rawMessages(defaultRole, context);
  };
}

function rawMessages(
  defaultRole: 'user' | 'assistant',
  context: ReadContext,
): readonly Message[] | undefined {
  return readMessages(
    context.messagesJson(defaultRole === 'user' ? 'input.value' : 'output.value'),
    defaultRole,
  );
}

/** The Claude Agent SDK calls models in another process; its agent spans stand for them. */
export function isClaudeAgentSdk({ scope }: ReadContext['span']): boolean {
  return /claude[-_]agent[-_]sdk/.test(scope.name);
}

/** The tools of the request, unless the request itself was masked. */
export function toolsInParameters(
  value: unknown,
  { span }: ReadContext,
): readonly ToolDefinition[] | undefined {
  return span.attributes['input.value'] === REDACTED ? undefined : readToolDefinitions(value);
}

/** `N.embedding.text` in the order of the numbers; vectors are never looked at. */
export function embeddedTexts(entries: AttributeEntries): string | readonly string[] | undefined {
  const texts = listAt(treeOf(entries.filter(([name]) => name.endsWith('.embedding.text')))).flatMap(
    (entry) => {
      const text = toText(valueAt(entry, 'embedding', 'text'));
      return text === undefined ? [] : [text];
    },
  );
  return texts.length > 1 ? texts : texts[0];
}

/** The raw input of an embedding span; some write the whole request. */
export function heldEmbeddingInput(value: unknown): string | readonly string[] | undefined {
  return toTexts(isRecord(value) ? value.input : value);
}

/** `N.document.{id,content,score,metadata}` as a list of documents. */
export function documentsAt(...path: readonly string[]) {
  return (entries: AttributeEntries): readonly unknown[] | undefined =>
    nonEmpty(documentsOf(treeOf(entries), path));
}

function documentsOf(tree: FlatNode, path: readonly string[]): unknown[] {
  return listAt(tree, ...path).flatMap((entry) => {
    const fields = nodeAt(entry, 'document')?.children;
    const document = [...(fields ?? [])].flatMap(([name, { value }]) =>
      value === undefined || isPlaceholder(value)
        ? []
        : [[name, name === 'metadata' ? parseJson(value) : value]],
    );
    return document.length > 0 ? [Object.fromEntries(document)] : [];
  });
}

/** Where a span both retrieves and answers (Bedrock's RetrieveAndGenerate), the answer is what came out. */
export function answerOfRetriever(value: unknown, context: ReadContext): unknown {
  const answers = spanKindOf(context) === 'RETRIEVER' && 'llm.model_name' in context.span.attributes;
  return answers ? toContent(value) : undefined;
}

/** Bedrock's agents write what they ask of an action group as the call of a message. */
export function argumentsOfTool(entries: AttributeEntries, context: ReadContext): unknown {
  if (spanKindOf(context) !== 'TOOL') return undefined;
  const found = entries.find(([name]) => name.endsWith('.tool_call.function.arguments'));
  return found === undefined ? undefined : toContent(found[1]);
}

/** What a reranker was asked, from the attributes after `reranker.`. */
export function rerankQuery(entries: AttributeEntries): unknown {
  const tree = treeOf(entries);
  const query = toText(valueAt(tree, 'query'));
  const documents = nonEmpty(documentsOf(tree, ['input_documents']));
  if (query === undefined && documents === undefined) return undefined;
  return { ...(query === undefined ? {} : { query }), ...(documents === undefined ? {} : { documents }) };
}

export function rerankResult(entries: AttributeEntries): unknown {
  return nonEmpty(documentsOf(treeOf(entries), ['output_documents']));
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** The prompt of a request that was recorded as parameters. */
export function promptInParameters(value: unknown): readonly Message[] | undefined {
  return typeof value === 'string' && value !== '' ? readMessages(value, 'user') : undefined;
}
