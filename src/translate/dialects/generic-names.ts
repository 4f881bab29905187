import type { Field } from './fields.ts';

/** How the value under a name of the table is read. */
export type NamedReading =
  | 'model'
  | 'word'
  | 'text'
  | 'count'
  | 'flag'
  | 'status'
  | 'kind'
  | 'finish-reason'
  | 'provider'
  | 'dollars'
  | 'messages'
  | 'calls'
  | 'system'
  | 'tools'
  | 'state'
  | 'texts'
  | 'parameter'
  | 'usage'
  | 'first-token';

export interface NameRule {
  readonly field: Field;
  readonly reading: NamedReading;
  /** Endings of names as words, best first, separated by commas. */
  readonly endings: string;
  /** The words alone do not mean AI: many kinds of work have an input, a result or a type. */
  readonly isWeak?: boolean;
  /** Read only on spans that no dialect recognises. */
  readonly onlyOwnSpans?: boolean;
  /** Not read in a namespace that a dialect knows: it knows what the name means there. */
  readonly onlyUnclaimed?: boolean;
}

const INPUT_WORDS = `input messages, prompt messages, request messages, chat messages, messages, chat history, conversation,
  input prompt, user prompt, input user, prompt text, prompt content, prompts, prompt`;
const WEAK_INPUT_WORDS = `input value, input text, input content, input data, input json, user input, user message,
  user query, inputs, input, question, query, request body, request content, request`;
const OUTPUT_WORDS = `output messages, response messages, output message, response message, assistant message, assistant response, completions, completion text,
  completion content, completion, response choices, choices, llm response, model response, model output, generated text,
  generated content, answer, response text, response content`;
const WEAK_OUTPUT_WORDS = `output value, output text, output content, output data, output json, outputs, output,
  response body, response, replies, reply, generation, return value, return, result`;

/**
 * What the last words of an attribute's name say, whatever stands before them. The longest ending that is in the table
 * decides; within a rule the earlier ending is believed first. Token counts have a table of their own
 * (`shared/usage-object.ts`).
 */
export const NAME_RULES: readonly NameRule[] = [
  {
    field: 'responseModel',
    reading: 'model',
    endings: 'response model, response model name, response model id, served model, model used, actual model',
  },
  {
    field: 'requestModel',
    reading: 'model',
    endings:
      'request model, requested model, llm model, llm model name, llm name, model name, model id, model identifier, model',
  },
  {
    field: 'provider',
    reading: 'provider',
    endings: 'provider name, llm provider, model provider, provider, vendor, llm system',
  },
  { field: 'responseId', reading: 'word', endings: 'response id, completion id' },

  { field: 'inputMessages', reading: 'messages', endings: INPUT_WORDS },
  { field: 'inputMessages', reading: 'messages', endings: WEAK_INPUT_WORDS, isWeak: true },
  { field: 'outputMessages', reading: 'messages', endings: OUTPUT_WORDS },
  { field: 'outputMessages', reading: 'messages', endings: WEAK_OUTPUT_WORDS, isWeak: true },
  {
    field: 'outputMessages',
    reading: 'calls',
    endings: 'output tool calls, response tool calls, tool calls',
    isWeak: true,
  },
  {
    field: 'systemInstructions',
    reading: 'system',
    endings:
      'system prompt, system instructions, system instruction, system message, system text, input system',
  },
  {
    field: 'toolDefinitions',
    reading: 'tools',
    endings:
      'tool definitions, available tools, request tools, tools, function definitions, request functions, functions',
  },
  {
    field: 'embeddingInput',
    reading: 'texts',
    endings:
      'embedding input, embedding inputs, embeddings input, embedding text, embedding texts, input texts, texts',
  },

  { field: 'toolName', reading: 'word', endings: 'tool name, tool call name, function name' },
  { field: 'toolCallId', reading: 'word', endings: 'tool call id, call id' },
  {
    field: 'inputState',
    reading: 'state',
    endings: `tool call arguments, tool call args, tool call input, tool arguments, tool args, tool input, tool parameters,
      function arguments, arguments, args`,
  },
  {
    field: 'inputState',
    reading: 'state',
    endings: `${INPUT_WORDS}, ${WEAK_INPUT_WORDS}`,
    isWeak: true,
    onlyOwnSpans: true,
  },
  {
    field: 'outputState',
    reading: 'state',
    endings:
      'tool call result, tool call output, tool result, tool output, tool response, function result, function output',
  },
  {
    field: 'outputState',
    reading: 'state',
    endings: `${OUTPUT_WORDS}, ${WEAK_OUTPUT_WORDS}`,
    isWeak: true,
    onlyOwnSpans: true,
  },

  {
    field: 'kind',
    reading: 'kind',
    endings: 'span kind, span type, observation type, run type, operation name, operation type',
  },
  {
    field: 'kind',
    reading: 'kind',
    endings: 'request type, operation, event type, kind, type',
    isWeak: true,
    onlyOwnSpans: true,
  },
  { field: 'agentName', reading: 'word', endings: 'agent name' },
  { field: 'workflowName', reading: 'word', endings: 'workflow name' },

  {
    field: 'finishReason',
    reading: 'finish-reason',
    endings: 'finish reasons, finish reason, stop reason, done reason',
  },
  { field: 'streaming', reading: 'flag', endings: 'is streaming, is stream, streaming, stream' },
  {
    field: 'timeToFirstTokenSeconds',
    reading: 'first-token',
    endings: `time to first token ms, time to first token in ms, ttft ms, first token ms, time to first token seconds, time to first token s, ttft s,
      ttft seconds, time to first token, ttft, ttfb`,
  },
  {
    field: 'totalCostUsd',
    reading: 'dollars',
    endings: 'total cost usd, cost usd, cost total usd, cost in usd, total cost in usd',
  },
  { field: 'inputCostUsd', reading: 'dollars', endings: 'input cost usd, prompt cost usd' },
  { field: 'outputCostUsd', reading: 'dollars', endings: 'output cost usd, completion cost usd' },
  {
    field: 'parameters',
    reading: 'parameter',
    endings: `temperature, top p, top k, max tokens, max output tokens, max completion tokens, frequency penalty,
      presence penalty, seed, stop sequences, reasoning effort`,
  },
  {
    field: 'totalTokens',
    reading: 'usage',
    endings: 'token usage, usage, usage metadata, usage details, token counts, tokens',
  },

  { field: 'user', reading: 'word', endings: 'end user id, user id, userid', onlyUnclaimed: true },
  { field: 'user', reading: 'word', endings: 'user', onlyOwnSpans: true },
  {
    field: 'sessionId',
    reading: 'word',
    endings: 'session id, sessionid, conversation id',
    onlyUnclaimed: true,
  },
  { field: 'sessionId', reading: 'word', endings: 'thread id, chat id, session', onlyOwnSpans: true },
  { field: 'user', reading: 'word', endings: 'customer identifier, user identifier' },
  { field: 'sessionId', reading: 'word', endings: 'thread identifier, session identifier' },
  { field: 'traceName', reading: 'word', endings: 'trace name', onlyOwnSpans: true },
  { field: 'errorMessage', reading: 'text', endings: 'error message' },
  { field: 'errorType', reading: 'word', endings: 'error type' },
  {
    field: 'httpStatus',
    reading: 'status',
    endings: 'http status code, http status, error status code, error status',
  },
];

/** Namespaces of OpenTelemetry's own conventions for other work, whose words mean something else. */
export const OTHER_NAMESPACES: ReadonlySet<string> = new Set(
  `android app artifact aspnetcore aws azure browser cicd client cloud cloudevents cloudfoundry code container cpu cpython
   db deployment destination device disk dns dotnet elasticsearch enduser error event exception faas feature_flag file gcp
   geo go graphql hardware heroku host http hw ios jvm k8s log mainframe messaging net network nodejs nfs oci openshift
   opentracing os otel peer pprof process profile rpc security_rule server service session signalr source system telemetry
   test thread tls url user user_agent v8js vcs webengine zos sentry`.split(/\s+/),
);
