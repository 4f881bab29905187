/** Providers' words for why a model stopped, folded to OpenAI's; other words pass through. */
const FOLDED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    stop: 'stop',
    end_turn: 'stop',
    endturn: 'stop',
    stop_sequence: 'stop',
    stopsequence: 'stop',
    complete: 'stop',
    completed: 'stop',
    finish: 'stop',
    finished: 'stop',
    finish_reason_stop: 'stop',
    length: 'length',
    max_tokens: 'length',
    maxtokens: 'length',
    max_output_tokens: 'length',
    tool_call: 'tool_calls',
    tool_calls: 'tool_calls',
    'tool-calls': 'tool_calls',
    tool_use: 'tool_calls',
    tooluse: 'tool_calls',
    function_call: 'tool_calls',
    content_filter: 'content_filter',
    'content-filter': 'content_filter',
    content_filtered: 'content_filter',
    guardrail_intervened: 'content_filter',
    safety: 'content_filter',
    refusal: 'content_filter',
    error: 'error',
  }),
);

/** The finish reason in OpenAI's words. */
export function foldFinishReason(reason: string): string {
  const word = reason.trim();
  return FOLDED.get(word.toLowerCase()) ?? word;
}
