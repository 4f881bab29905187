/** Where a setting came from. */
export type ConfigSource = 'option' | 'environment' | 'config file';

/** One thing that is wrong with the configuration. Never holds a key or a header value. */
export interface ConfigProblem {
  /** Stable name of the problem, such as `api-key-missing`. */
  readonly code: ConfigProblemCode;
  /** The setting, under the name it has where it came from: `apiKey`, `POSTHOG_API_KEY`. */
  readonly option: string;
  readonly source: ConfigSource;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

export type ConfigProblemCode =
  | 'api-key-missing'
  | 'api-key-personal'
  | 'api-key-malformed'
  | 'endpoint-invalid'
  | 'privacy-mode-invalid'
  | 'config-file-missing'
  | 'config-file-invalid'
  | 'destination-unknown'
  | 'headers-invalid'
  | 'option-invalid'
  | 'option-misspelled';

/** Shared by all copies of this package that are loaded in one process, so that guards work across them. */
const MARKER = Symbol.for('posthog-llm-exporter.config-error');

/** The configuration cannot be used. Lists every problem that was found, not only the first. */
export class PostHogLLMConfigError extends Error {
  readonly code = 'POSTHOG_LLM_INVALID_CONFIG';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(describeProblems(problems));
    this.name = 'PostHogLLMConfigError';
    this.problems = problems;
    Object.defineProperty(this, MARKER, { value: true, enumerable: false });
  }
}

/** Whether an error is a {@link PostHogLLMConfigError}, also when another copy of this package threw it. */
export function isPostHogLLMConfigError(error: unknown): error is PostHogLLMConfigError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[MARKER] === true;
}

function describeProblems(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map(
    ({ option, source, message, fix }) => `  - ${option} (${source}): ${message} ${fix}`,
  );
  return [`The configuration of PostHogLLMSpanExporter has ${count}:`, ...lines].join('\n');
}
