import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { EventProperties } from '../posthog-event.ts';
import { matchesName } from '../span/name-pattern.ts';

/** Own prices of a model, in US dollars. Input and output are needed, since PostHog takes own prices only with both. */
export interface ModelPrice {
  readonly inputUsdPerMillionTokens: number;
  readonly outputUsdPerMillionTokens: number;
  readonly cacheReadUsdPerMillionTokens?: number | undefined;
  readonly cacheWriteUsdPerMillionTokens?: number | undefined;
  /** Of writes with a lifetime of an hour. */
  readonly cacheWrite1hUsdPerMillionTokens?: number | undefined;
  readonly requestUsd?: number | undefined;
  readonly webSearchUsd?: number | undefined;
}

/** By name of the model, or by its beginning followed by `*`; the first that fits counts. */
export type ModelPrices = Readonly<Record<string, ModelPrice>>;

/** What PostHog calls each price, and how many of its units one of ours is. Its cost pipeline counts single tokens. */
export const PRICE_PROPERTIES: Readonly<Record<keyof ModelPrice, readonly [property: string, per: number]>> =
  {
    inputUsdPerMillionTokens: ['$ai_input_token_price', 1e6],
    outputUsdPerMillionTokens: ['$ai_output_token_price', 1e6],
    cacheReadUsdPerMillionTokens: ['$ai_cache_read_token_price', 1e6],
    cacheWriteUsdPerMillionTokens: ['$ai_cache_write_token_price', 1e6],
    cacheWrite1hUsdPerMillionTokens: ['$ai_cache_write_1h_token_price', 1e6],
    requestUsd: ['$ai_request_price', 1],
    webSearchUsd: ['$ai_web_search_price', 1],
  };

/** Adds the own price of a call's model. Prices that stand on the span are not touched: PostHog takes those first. */
export function addModelPrice(properties: EventProperties, call: LlmCall, prices: ModelPrices): void {
  const price = isModelCall(call.kind) && call.model !== undefined ? priceOf(call.model, prices) : undefined;
  if (price === undefined) return;
  for (const [name, [property, per]] of Object.entries(PRICE_PROPERTIES)) {
    const usd = price[name as keyof ModelPrice];
    if (usd !== undefined) properties[property] = usd / per;
  }
}

/** A vendor before a slash need not be written. */
function priceOf(model: string, prices: ModelPrices): ModelPrice | undefined {
  const bare = model.slice(model.lastIndexOf('/') + 1);
  for (const pattern in prices) {
    if (matchesName(pattern, model) || matchesName(pattern, bare)) return prices[pattern];
  }
  return undefined;
}
