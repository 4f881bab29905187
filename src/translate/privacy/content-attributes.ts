import { contentNamesOf, namesWithoutContent } from '../dialects/content-names.ts';
import { ATTRIBUTE_CONTENT_KINDS, type AttributeContentKind } from '../dialects/dialect.ts';
import { DIALECTS } from '../dialects/registry.ts';
import type { ContentRow } from './content-row.ts';
import { wordList } from './word-list.ts';

/** Names that belong to no convention: keys of metadata, and last words of any attribute. */
const WORDS: { readonly [K in AttributeContentKind]?: readonly string[] } = {
  headers: wordList(`
    *.headers headers request_headers response_headers requestHeaders responseHeaders
    authorization proxy-authorization cookie set-cookie x-api-key api-key api_key apiKey
  `),
  input: wordList(`
    input inputs prompt prompts messages message contents content text user_prompt system_prompt instructions
    request_data events all_messages_events body request_body response_body payload
    question questions query queries user_message userMessage user_input userInput user_query userQuery
    chat_history chatHistory history conversation_history conversationHistory transcript transcription
    last_message lastMessage context contexts variables arguments args kwargs tool_args toolArgs
  `),
  output: wordList(`
    output outputs completion completions choices candidates final_result result results response responses
    response_data documents answer answers reply final_answer finalAnswer generated_text generatedText
    reasoning thinking chunks passages snippets source_documents sourceDocuments summary
  `),
  tools: wordList(`
    tool_arguments tool_response tool_input tool_output tool_parameters tools functions tool_definitions
    model_request_parameters tool_result toolResult tool_results toolResults
  `),
  parameters: wordList('response_format json_schema'),
  error: wordList('error error_message errorMessage stacktrace stack_trace'),
  evaluation: wordList('*.explanation *.annotation.metadata explanation feedback comment comments'),
};

/** What is done with attributes of each kind, and what they hold, for documentation. */
const ROWS: { readonly [K in AttributeContentKind]: Omit<ContentRow, 'names' | 'kind'> } = {
  headers: {
    byDefault: 'removed',
    inPrivacyMode: 'removed',
    holds: 'HTTP headers, cookies and keys, wherever custom properties would carry them',
  },
  url: {
    byDefault: 'url without credentials',
    inPrivacyMode: 'url without query',
    holds: 'Attributes that hold addresses',
  },
  input: filtered('Attributes that hold prompts, queries, prompt templates and their variables'),
  output: filtered('Attributes that hold completions and retrieved documents'),
  tools: filtered('Attributes that hold tool schemas, arguments and results'),
  parameters: filtered('Attributes that hold whole requests, stop sequences and output schemas'),
  embedding: {
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold texts to embed and their vectors',
  },
  error: filtered('Attributes that hold error texts and stack traces'),
  evaluation: filtered('Attributes that hold the reasons of evaluations'),
};

function filtered(holds: string): Omit<ContentRow, 'names' | 'kind'> {
  return { byDefault: 'filtered', inPrivacyMode: 'text removed', holds };
}

/** The last word of an attribute of any other instrumentation. */
const LAST_WORDS: ContentRow = {
  names: wordList(`
    *.messages *.message *.content *.contents *.text *.prompt *.prompts *.completion *.instructions *.system_prompt
    *.body *.payload *.input *.output *.inputs *.outputs *.input_data *.output_data *.arguments
    *.result *.results *.documents *.contexts *.transcript *.history *.chat_history *.query *.response
    *.question *.questions *.answer *.answers *.choices *.candidates
    *.tools *.functions *.response_format *.ls_invocation_params *.ls_stop *.stacktrace
  `),
  kind: 'input',
  byDefault: 'filtered',
  inPrivacyMode: 'text removed',
  holds: 'Attributes of any other instrumentation whose last word says that they hold content',
};

/**
 * Span attributes and metadata keys that are content: those that a dialect reads content from or declares, and words
 * that belong to none. They reach an event when the user lists them in `includeAttributes` or when they stand in custom
 * metadata, at any depth. The first row that takes a name decides.
 */
export function contentAttributes(): readonly ContentRow[] {
  return [...rowsOfKinds(), LAST_WORDS];
}

function rowsOfKinds(): ContentRow[] {
  const declared = contentNamesOf(DIALECTS);
  const seen = new Set<string>();
  return ATTRIBUTE_CONTENT_KINDS.map((kind) => {
    const ofDialects = declared.filter((one) => one.kind === kind).map(({ name }) => name);
    const names = [...ofDialects, ...(WORDS[kind] ?? [])].filter((name) => {
      const isNew = !seen.has(name) && !LAST_WORDS.names.includes(name);
      seen.add(name);
      return isNew;
    });
    return { names, kind, ...ROWS[kind] };
  });
}

/** Names that one of the patterns above would take although they hold counts, prices or plain names. */
export function notContent(): readonly string[] {
  return namesWithoutContent(DIALECTS);
}

const NAMESPACES: readonly string[] = DIALECTS.flatMap(({ detect }) => detect.prefixes ?? []);
const OWN_NAMES: ReadonlySet<string> = new Set(DIALECTS.flatMap(({ detect }) => detect.attributes ?? []));

/** Whether an instrumentation writes an attribute of this name, as far as dialects are known by their attributes. */
export function isOfInstrumentation(attribute: string): boolean {
  return OWN_NAMES.has(attribute) || NAMESPACES.some((prefix) => attribute.startsWith(prefix));
}
