import type { Evidence } from '../corpus/truth/evidence.ts';
import { canonical } from '../corpus/truth/json.ts';
import type { Match } from '../corpus/truth/match-calls.ts';
import { short } from '../corpus/truth/report.ts';
import type { TruthCall } from '../corpus/truth/truth-call.ts';
import { showMessages } from './message-display.ts';
import { type Properties, pricedTier, priceListOf } from './pricing.ts';
import {
  judgeInput,
  judgeOutput,
  judgeSearches,
  type Reported,
  reported,
  type Verdict,
} from './reported-bill.ts';
import type { Note, Rule } from './rules.ts';

/**
 * One model call: its bill, the price list it is looked up in, what its page shows.
 * @param whole what all calls of the recording cost, when one event may stand for several
 */
export function checkCall(match: Match, whole: Reported | undefined, note: Note): void {
  const { truth, translated, span } = match;
  const { properties } = translated.event;
  const { evidence } = span;
  const one = reported(truth);
  const either = (rule: Rule, judge: (told: Reported) => Verdict) => {
    const verdict = judge(one);
    if (verdict === 'silent') return;
    const isRight = verdict === 'right' || (whole !== undefined && judge(whole) === 'right');
    note(rule, isRight, () => (typeof verdict === 'object' ? verdict.wrong : ''));
  };
  either('price of the input', (told) => judgeInput(properties, told, evidence));
  either('price of the output', (told) => judgeOutput(properties, told, evidence));
  either('web searches', (told) => judgeSearches(properties, told, evidence));
  checkPriceList(truth, properties, one.tier, evidence, note);
  checkTotal(truth, properties, evidence, note);
  checkDisplay(truth, properties, evidence, note);
  checkStatus(match, note);
}

function checkPriceList(
  truth: TruthCall,
  properties: Properties,
  servedTier: string | undefined,
  evidence: Evidence,
  note: Note,
): void {
  const model = properties['$ai_model'];
  const { responseModel, requestedModel } = truth;
  const isTold = responseModel !== undefined && evidence.hasExactly(responseModel);
  const right = isTold ? responseModel : requestedModel;
  const isCarried = right !== undefined && (isTold || evidence.hasText(right));
  if (isCarried) {
    const names = [right, ...(isTold ? [] : [responseModel])].map(bare);
    note('price list: model', names.includes(bare(model)), () => `${String(model)} instead of ${right}`);
  }
  if (truth.providers.length > 0) {
    const lists = truth.providers.map(priceListOf);
    const found = priceListOf(properties['$ai_provider']);
    const names = evidence.valuesBelow(/provider|gen_ai\.system|llm\.system/i).map(priceListOf);
    const isKnown = lists.some((list) => names.includes(list));
    const isRight = lists.includes(found) || (found === 'default' && !isKnown);
    note(
      'price list: provider',
      isRight,
      () => `${String(properties['$ai_provider'])}: not ${lists.join(', ')}`,
    );
  }
  const tier = properties['$ai_service_tier'];
  const served = pricedTier(servedTier);
  const isTierCarried = served === 'standard' || evidence.valuesBelow(/tier/i).includes(servedTier);
  if (tier === undefined && (servedTier === undefined || served === 'standard')) return;
  note(
    'price list: tier',
    pricedTier(tier) === served || !isTierCarried,
    () => `${String(tier)} instead of ${served}`,
  );
}

/** A vendor before a slash, a region and a path before the name are not compared. */
function bare(model: unknown): string {
  return (
    String(model)
      .toLowerCase()
      .split('/')
      .at(-1)
      ?.replace(/^(?:us|eu|apac|global)\./, '') ?? ''
  );
}

/** A price that a router charged is passed on as it is. */
function checkTotal({ costUsd }: TruthCall, properties: Properties, evidence: Evidence, note: Note): void {
  if (costUsd === undefined || !evidence.hasNumber(costUsd, /cost/i)) return;
  const isKept = properties['$ai_cost_passthrough'] === true && properties['$ai_total_cost_usd'] === costUsd;
  note('price told by the spans', isKept, () => `${String(properties['$ai_total_cost_usd'])} of ${costUsd}`);
}

function checkDisplay(truth: TruthCall, properties: Properties, evidence: Evidence, note: Note): void {
  const shown = showMessages(properties['$ai_output_choices']);
  if (properties['$ai_output_choices'] !== undefined) {
    note('messages are known', shown.raw === 0, () => short(properties['$ai_output_choices']));
  }
  for (const item of truth.output.flat()) {
    if (item.type === 'tool_call' && evidence.hasText(item.name) && hasArguments(evidence, item.args)) {
      const right = canonical(item.args ?? {});
      const isShown = shown.calls.some(
        ({ name, args }) => name === item.name && canonical(args ?? {}) === right,
      );
      const isCounted = shown.countedNames.includes(item.name);
      note(
        'tool call is displayed',
        isShown && isCounted,
        () => `${item.name} ${short(item.args)}: ${short(properties['$ai_output_choices'])}`,
      );
    }
    if (item.type === 'text' && item.text.length > 8 && evidence.hasText(item.text)) {
      const isShown =
        shown.texts.some((text) => text.includes(item.text)) || shown.texts.join('').includes(item.text);
      const isEmbedding = truth.kind === 'embedding';
      note(
        'answer is displayed',
        isShown || isEmbedding,
        () => `${short(item.text)}: ${short(properties['$ai_output_choices'])}`,
      );
    }
  }
}

/** An empty list of arguments says nothing of where it stands. */
function hasArguments(evidence: Evidence, args: unknown): boolean {
  return args === undefined || canonical(args) === '{}' ? false : evidence.hasValue(args);
}

function checkStatus({ truth, translated, span }: Match, note: Note): void {
  const { properties } = translated.event;
  const status = properties['$ai_http_status'];
  const told = span.evidence.valuesBelow(/status|\.code$|error\.type/i).map(String);
  const isCarried = told.includes(String(truth.status));
  if (truth.isFailed && span.isError) {
    note('error status', properties['$ai_is_error'] === true, () => 'not flagged');
    if (truth.status >= 400 && (isCarried || quotes(span.evidence, truth.status))) {
      note('error status', status === truth.status, () => `${String(status)} instead of ${truth.status}`);
    }
  } else if (!truth.isFailed && !span.isError) {
    const isQuiet = properties['$ai_is_error'] !== true && !(typeof status === 'number' && status >= 400);
    note('error status', isQuiet, () => `${String(status)}, ${String(properties['$ai_error'])}`);
  }
}

/** `Error code: 429`, `429 Too Many Requests`, `status 429`: the forms that PostHog's own scan of error texts finds. */
function quotes(evidence: Evidence, status: number): boolean {
  const form = new RegExp(
    `(?:status|code|http)[^0-9a-z]{0,3}(?:code)?[^0-9a-z]{0,3}${status}\\b|^${status} |: ${status} `,
    'i',
  );
  return evidence
    .valuesBelow(/exception\.message|error\.message|status$|statusMessage/i)
    .some((text) => form.test(String(text)));
}
