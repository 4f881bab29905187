import type { Message, Part, ToolCallPart } from './messages.ts';

/**
 * Searches that the provider ran itself and bills for each: calls of a server tool `web_search` that were answered in the
 * same message without an error (Anthropic), and `web_search_call` items of OpenAI's Responses, which hold no answer.
 * PostHog counts alike, from the messages that it knows. An emitter that leaves all results out (Sentry) still has the
 * calls, which the provider answered before it went on to the text.
 *
 * @returns `undefined` when there were none
 */
export function countWebSearches(output: readonly Message[] | undefined): number | undefined {
  if (!output?.some(({ parts }) => parts.some(isServerSearch))) return undefined;
  const parts = output.flatMap((message) => message.parts);
  const hasResults = parts.some(({ type }) => type === 'tool_result');
  const wentOn = parts.some(({ type }) => type === 'text');
  const searches = parts.filter(isServerSearch).filter((search) => {
    if (search.id?.startsWith(OPENAI_CALL)) return true;
    if (!hasResults) return wentOn;
    return parts.some((part) => part.type === 'tool_result' && part.id === search.id && !isFailure(part));
  });
  return searches.length > 0 ? searches.length : undefined;
}

/** Ids by which a tool that the provider ran is distinguished from one of the application with the same name. */
const ANTHROPIC_CALL = 'srvtoolu_';
const OPENAI_CALL = 'ws_';

function isServerSearch(part: Part): part is ToolCallPart {
  if (part.type !== 'tool_call' || part.name !== 'web_search') return false;
  return part.id !== undefined && (part.id.startsWith(ANTHROPIC_CALL) || part.id.startsWith(OPENAI_CALL));
}

/** Anthropic answers `{type: 'web_search_tool_result_error', error_code}` in place of the list of results. */
function isFailure(part: Extract<Part, { type: 'tool_result' }>): boolean {
  if (part.isError === true) return true;
  const result = part.result;
  const text = typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
  return /^\s*\{/.test(text) && /"(?:error_code|errorCode)"|_error"/.test(text);
}
