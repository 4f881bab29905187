/** The prefixes that the table in `src/translate/dialects/gen-ai-names.ts` is complete for. */
const PREFIXES = ['gen_ai.', 'mcp.', 'openai.', 'aws.bedrock.'];

/**
 * Names of attributes and events about AI.
 * @param {Readonly<Record<string, unknown>>} conventions exports of `@opentelemetry/semantic-conventions/incubating`
 * @returns {string[]} sorted, each once
 */
export function conventionNames(conventions) {
  const names = Object.entries(conventions)
    .filter(([constant]) => /^(ATTR|EVENT)_/.test(constant))
    .map(([, name]) => name)
    .filter((name) => typeof name === 'string' && PREFIXES.some((prefix) => name.startsWith(prefix)));
  return [...new Set(names)].sort();
}
