import { matchesAnyName } from '../../translate/span/name-pattern.ts';

/** Scope names remembered; an application has a handful. */
const MAX_SCOPES = 1_000;

/**
 * Scopes whose content comes in log records, before the first has been seen; a trailing `*` matches any ending. They may
 * be configured to write it elsewhere or not at all, see `MAX_VAIN_WAITS`.
 */
const KNOWN_SCOPES: readonly string[] = [
  '@opentelemetry/instrumentation-openai*',
  '@elastic/opentelemetry-instrumentation-openai',
  'opentelemetry.instrumentation.*',
  'openlit.instrumentation.*',
  'io.opentelemetry.*',
  'org.springframework.ai*',
  'org.springframework.boot',
  'gcp.vertex.agent',
  'agent_framework*',
  'semantic_kernel*',
  'com.anthropic.claude_code.tracing',
  'qwen-code',
  'gemini-cli',
];

/** A scope that was waited for so often and never logged anything is not waited for any more. */
const MAX_VAIN_WAITS = 3;

/** What is known of instrumentation scopes: whether the content of their spans comes in log records. */
export interface LoggingScopes {
  /** The scope has written a log record. */
  learn(scopeName: string): void;
  mayLog(scopeName: string): boolean;
  /** These were waited for. */
  noteWait(scopeNames: ReadonlySet<string>): void;
}

export function createLoggingScopes(): LoggingScopes {
  const logging = new Set<string>();
  const waits = new Map<string, number>();
  return {
    learn(name) {
      if (logging.size < MAX_SCOPES) logging.add(name);
    },
    mayLog: (name) =>
      logging.has(name) || (matchesAnyName(KNOWN_SCOPES, name) && (waits.get(name) ?? 0) < MAX_VAIN_WAITS),
    noteWait(names) {
      for (const name of names) if (waits.size < MAX_SCOPES) waits.set(name, (waits.get(name) ?? 0) + 1);
    },
  };
}
