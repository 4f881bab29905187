import type { Evidence } from '../corpus/truth/evidence.ts';
import { json } from '../corpus/truth/json.ts';
import type { TruthCall } from '../corpus/truth/truth-call.ts';
import { bill, type Properties } from './pricing.ts';

const USAGE = /token|usage|cost|count/i;
const CACHE = /cache|ephemeral/i;

/** What the provider reported of one call or, where one span stands for several, of all of them together. */
export interface Reported {
  readonly input: number | undefined;
  readonly uncached: number | undefined;
  readonly output: number | undefined;
  readonly visible: number | undefined;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly writtenForOneHour: number;
  readonly isLifetimeTold: boolean;
  readonly audioInput: number;
  readonly audioOutput: number;
  readonly webSearches: number;
  readonly tier: string | undefined;
}

/** The usage in the provider's own words, read from its answer. */
export function reported({ usage, answer, output }: TruthCall): Reported {
  const body = json(answer);
  const told = body.at('usage');
  const lifetimes = told.at('cache_creation');
  const inputDetails = told.at('prompt_tokens_details').value
    ? told.at('prompt_tokens_details')
    : told.at('input_tokens_details');
  const searched = output.flat().filter((item) => item.type === 'tool_call' && item.name === 'web_search');
  const isResponses = body.at('object').text === 'response';
  return {
    input: usage.input,
    uncached: usage.uncachedInput,
    output: usage.output,
    visible: usage.visibleOutput,
    cacheRead: usage.cacheRead ?? 0,
    cacheWrite: usage.cacheWrite ?? 0,
    writtenForOneHour: lifetimes.at('ephemeral_1h_input_tokens').number ?? 0,
    isLifetimeTold: lifetimes.value !== undefined && lifetimes.value !== null,
    audioInput: inputDetails.at('audio_tokens').number ?? 0,
    audioOutput: told.at('completion_tokens_details', 'audio_tokens').number ?? 0,
    webSearches:
      told.at('server_tool_use', 'web_search_requests').number ?? (isResponses ? searched.length : 0),
    tier: body.at('service_tier').text ?? told.at('service_tier').text,
  };
}

export function sumOf(all: readonly Reported[]): Reported {
  const plus = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : a + b;
  return all.reduce((a, b) => ({
    input: plus(a.input, b.input),
    uncached: plus(a.uncached, b.uncached),
    output: plus(a.output, b.output),
    visible: plus(a.visible, b.visible),
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    writtenForOneHour: a.writtenForOneHour + b.writtenForOneHour,
    isLifetimeTold: a.isLifetimeTold && b.isLifetimeTold,
    audioInput: a.audioInput + b.audioInput,
    audioOutput: a.audioOutput + b.audioOutput,
    webSearches: a.webSearches + b.webSearches,
    tier: a.tier,
  }));
}

/** Whether a side of the bill is right; `silent` where neither the spans carry it nor the event claims it. */
export type Verdict = 'right' | 'silent' | { readonly wrong: string };

/**
 * The price of what went in. What the spans do not carry need not be billed apart: then cached tokens are part of the
 * input, or are missing from it, as the number that the span has says.
 */
export function judgeInput(properties: Properties, truth: Reported, evidence: Evidence): Verdict {
  const has = (count: number, below: RegExp) => count === 0 || evidence.hasNumber(count, below);
  const cacheRead = has(truth.cacheRead, CACHE) ? truth.cacheRead : 0;
  const cacheWrite = has(truth.cacheWrite, CACHE) ? truth.cacheWrite : 0;
  const audio = has(truth.audioInput, /audio/i) ? truth.audioInput : 0;
  const oneHour = truth.isLifetimeTold && has(truth.writtenForOneHour, CACHE) ? truth.writtenForOneHour : 0;
  const isCarried = [truth.input, truth.uncached].some(
    (count) => count !== undefined && evidence.hasNumber(count, USAGE),
  );
  const found = bill(properties).input;
  if (found === undefined) return isCarried && truth.input !== 0 ? { wrong: 'input has no price' } : 'silent';
  if (truth.input === undefined) return judgeUntold(properties, '$ai_input_tokens', evidence);
  const billed = (uncached: number) =>
    bill({
      $ai_model: 'claude',
      $ai_cache_reporting_exclusive: true,
      $ai_input_tokens: uncached,
      $ai_cache_read_input_tokens: cacheRead,
      $ai_cache_creation_5m_input_tokens: cacheWrite - oneHour,
      $ai_cache_creation_1h_input_tokens: oneHour,
      $ai_audio_input_tokens: audio,
    }).input;
  const uncached = truth.uncached ?? truth.input;
  const accepted = [billed(uncached)];
  // Cached tokens that no span has are billed as plain ones, if they are in the number at all.
  const untold = truth.cacheRead - cacheRead + (truth.cacheWrite - cacheWrite);
  if (untold !== 0) accepted.push(billed(uncached + untold));
  if (accepted.includes(found)) return 'right';
  if (!isCarried) return judgeUntold(properties, '$ai_input_tokens', evidence);
  return { wrong: `input is billed ${found} instead of ${accepted.join(' or ')}` };
}

export function judgeOutput(properties: Properties, truth: Reported, evidence: Evidence): Verdict {
  const isCarried = [truth.output, truth.visible].some(
    (count) => count !== undefined && evidence.hasNumber(count, USAGE),
  );
  const found = bill(properties).output;
  if (found === undefined) return isCarried && truth.output ? { wrong: 'output has no price' } : 'silent';
  if (truth.output === undefined) return judgeUntold(properties, '$ai_output_tokens', evidence);
  const audio =
    truth.audioOutput > 0 && evidence.hasNumber(truth.audioOutput, /audio/i) ? truth.audioOutput : 0;
  const billed = (tokens: number) =>
    bill({ $ai_output_tokens: tokens, $ai_audio_output_tokens: audio }).output;
  const reasoning = truth.output - (truth.visible ?? truth.output);
  const accepted = [billed(truth.output)];
  // A span that has the visible tokens alone, and no count of the reasoning, cannot tell the rest.
  const knowsAll =
    evidence.hasNumber(truth.output, USAGE) || evidence.hasNumber(reasoning, /reason|thought|thinking/i);
  if (!knowsAll && truth.visible !== undefined) accepted.push(billed(truth.visible));
  if (accepted.includes(found)) return 'right';
  if (!isCarried) return judgeUntold(properties, '$ai_output_tokens', evidence);
  return { wrong: `output is billed ${found} instead of ${accepted.join(' or ')}` };
}

/** The provider reported nothing, or the span something else: then the event says what the span says. */
function judgeUntold(properties: Properties, name: string, evidence: Evidence): Verdict {
  const count = Number(properties[name]);
  return evidence.hasNumber(count, USAGE) ? 'right' : { wrong: `${name} ${count} is of nobody` };
}

/** Searches are carried by a count, by the calls themselves or by the raw answer. */
export function judgeSearches(properties: Properties, truth: Reported, evidence: Evidence): Verdict {
  const found = Number(properties['$ai_web_search_count'] ?? 0);
  if (found === truth.webSearches) return found === 0 ? 'silent' : 'right';
  const isCarried =
    evidence.hasNumber(truth.webSearches, /web_search|server_tool/i) ||
    evidence.valuesBelow(/\.(?:type|name)$/).some((value) => /^web_search/.test(String(value)));
  if (!isCarried && found === 0) return 'silent';
  return { wrong: `${found} web searches instead of ${truth.webSearches}` };
}
