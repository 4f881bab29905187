import type { CallKind } from '../../call/llm-call.ts';
import { rememberWords } from '../../call/remember-words.ts';
import { foldWords, wordsOf } from './words.ts';

/**
 * `gen_ai.operation.name` of the conventions v1.27 and later, with the values that emitters add to it.
 * Operations that poll, count or administrate (`fetch_response`, memory) are structure: they must not count usage again.
 */
const OPERATION_KINDS: Readonly<Record<string, CallKind>> = {
  chat: 'generation',
  generate_content: 'generation',
  text_completion: 'generation',
  completion: 'generation',
  acompletion: 'generation',
  response: 'generation',
  responses: 'generation',
  aresponses: 'generation',
  image_generation: 'generation',
  image_edit: 'generation',
  image_variation: 'generation',
  video_generation: 'generation',
  audio_generation: 'generation',
  image: 'generation',
  speech: 'generation',
  text_to_speech: 'generation',
  voice_generation: 'generation',
  world_generation: 'generation',
  live_video_generation: 'generation',
  transcription: 'generation',
  summarize: 'generation',
  'ai.generateSpeech': 'generation',
  'ai.transcribe': 'generation',
  'ai.streamTranscribe': 'generation',
  embeddings: 'embedding',
  embedding: 'embedding',
  aembedding: 'embedding',
  execute_tool: 'tool',
  invoke_agent: 'agent',
  create_agent: 'agent',
  agent_step: 'step',
  invoke_workflow: 'workflow',
  handle_conversation_turn: 'workflow',
  plan: 'step',
  decide: 'step',
  retrieval: 'retriever',
  rerank: 'reranker',
  evaluate: 'evaluator',
  fetch_response: 'span',
  count_tokens: 'span',
  chain: 'chain',
  workflow: 'workflow',
  guard: 'guardrail',
  'guardrail.run': 'guardrail',
  tool: 'tool',
  handoff: 'handoff',
  search_memory: 'memory',
  create_memory: 'memory',
  update_memory: 'memory',
  upsert_memory: 'memory',
  delete_memory: 'memory',
  create_memory_store: 'memory',
  delete_memory_store: 'memory',
};

const BY_FOLDED_NAME: ReadonlyMap<string, CallKind> = new Map(
  Object.entries(OPERATION_KINDS).map(([name, kind]) => [foldWords(name), kind]),
);

/** Nouns that plainly say what an operation is about. */
const NOUNS: Readonly<Record<string, CallKind>> = {
  tool: 'tool',
  tools: 'tool',
  mcp: 'tool',
  agent: 'agent',
  agents: 'agent',
  handoff: 'handoff',
  handoffs: 'handoff',
  guardrail: 'guardrail',
  guardrails: 'guardrail',
  retrieval: 'retriever',
  retrieve: 'retriever',
  retriever: 'retriever',
  rerank: 'reranker',
  reranker: 'reranker',
  reranking: 'reranker',
  arerank: 'reranker',
  evaluate: 'evaluator',
  evaluation: 'evaluator',
  evaluator: 'evaluator',
  embed: 'embedding',
  embedding: 'embedding',
  embeddings: 'embedding',
};

/** Words that may stand beside such a noun without changing what it says. */
const COMPANIONS: ReadonlySet<string> = new Set(
  `call calls execute execution run invoke invocation invoked use create start end finish do handle step turn task output
   input result ai gen genai llm many batch document documents query text texts content async a`.split(/\s+/),
);

/**
 * The kind that an operation's name says, in any letter case and with any separators (`Chat`, `text-completion`,
 * `tool_call`).
 * @returns `undefined` for any other name: it decides nothing, and the span's shape does
 */
export function kindOfOperation(value: unknown): CallKind | undefined {
  return typeof value === 'string' && value.length <= MAX_NAME_LENGTH ? kindOfName(value) : undefined;
}

/** Longer texts are no names. */
const MAX_NAME_LENGTH = 128;

const kindOfName = rememberWords<CallKind>(
  (name) => BY_FOLDED_NAME.get(foldWords(name)) ?? plainKind(wordsOf(name)),
  { maxLength: MAX_NAME_LENGTH, maxWords: 512 },
);

/** A noun of the table among words that say nothing else: `agent_call`, `invoke_agents`, `embedding.create`. */
function plainKind(words: readonly string[]): CallKind | undefined {
  let kind: CallKind | undefined;
  for (const word of words) {
    const said = Object.hasOwn(NOUNS, word) ? NOUNS[word] : undefined;
    if (said === undefined && !COMPANIONS.has(word)) return undefined;
    kind ??= said;
  }
  return kind;
}
