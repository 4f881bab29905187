import type { Finding, Rule } from './rules.ts';

/** What no reader of the spans can tell, with the reason. */
export interface Exception {
  readonly recordings: RegExp;
  readonly rules: readonly Rule[];
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    recordings: /^langtrace\/anthropic-messages-/,
    rules: ['price of the input', 'price of the output'],
    reason: 'Langtrace writes the tokens of the answer as those of the request, and the other way round.',
  },
  {
    recordings: /^openinference-bedrock-agent-runtime\//,
    rules: ['price list: provider'],
    reason: 'The agent of Bedrock calls the model, so Bedrock bills it.',
  },
  {
    recordings: /^eve\//,
    rules: ['trace: person', 'event: person'],
    reason: 'The user stands below a word that the application chose for its own context (`shop.user_id`).',
  },
  {
    recordings: /^py-otel-openai-v2\/chat-stream-abandoned/,
    rules: ['error status'],
    reason: 'The instrumentation gives a stream that the caller left the finish reason `error`.',
  },
  {
    recordings: /^vercel-ai-v4\/generate-object$/,
    rules: ['tool call is displayed'],
    reason: 'The AI SDK asks for an object by means of a tool, and records the object as the answer.',
  },
  {
    recordings: /^vercel-ai-v7-more(?:-supplemental)?\/web-search-openai$/,
    rules: ['tool call is displayed'],
    reason: 'The AI SDK records the call of the search without arguments, which stand in its result.',
  },
  {
    recordings: /^py-openinference-openai-v0\.1\.30\/nocontent-text$/,
    rules: ['answer is displayed'],
    reason: 'The application hides texts; that the raw answer still has them is a leak that is not used.',
  },
  {
    recordings:
      /^(?:axiom-ai|py-otel-google-genai|py-agentops|openinference-claude-agent-sdk|py-autogen|traceloop-mcp)\//,
    rules: ['trace: name'],
    reason:
      'Nobody names the trace and no event stands for it (its root is a model call, or not of AI); PostHog names the trace after the tool that ended first.',
  },
  {
    recordings: /^py-traceloop-openai-agents\/agent-tool-stream-chat$/,
    rules: ['tool call is displayed'],
    reason: 'The answer of a stream is on no span; the next request repeats the call of the tool.',
  },
  {
    recordings: /^py-langsmith\/(?:chat-stream-error|langchain-chain)$/,
    rules: ['price list: model'],
    reason:
      'The served model stands deep in a raw answer; the requested one is an alias with the same price.',
  },
  {
    recordings: /^py-openinference-mcp\/agent-tool$/,
    rules: ['trace: latency'],
    reason:
      'A server answers below a parent that it knows to be remote, whose span is of no AI and not sent.',
  },
];

export function exceptionFor({ recording, rule }: Finding): Exception | undefined {
  return EXCEPTIONS.find(({ recordings, rules }) => rules.includes(rule) && recordings.test(recording));
}
