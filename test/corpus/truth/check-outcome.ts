import { collectEvidence } from './evidence.ts';
import { json } from './json.ts';
import type { Match } from './match-calls.ts';
import { type Note, short } from './report.ts';
import { foldReasons } from './truth-call.ts';

/** Model, provider, finish reason, errors and timing. */
export function checkOutcome(match: Match, note: Note): void {
  const { truth, translated, span } = match;
  const { event } = translated;
  const { properties } = event;
  const { evidence } = span;

  const name = truth.kind === 'embedding' ? '$ai_embedding' : '$ai_generation';
  note('event name', event.event === name, () => `${event.event} instead of ${name}`);

  const models = [truth.responseModel, truth.requestedModel].filter((model) => model !== undefined);
  const model = properties['$ai_model'];
  const best = models.find((known) => evidence.hasExactly(known));
  if (best !== undefined) note('model', model === best, () => `${String(model)} instead of ${best}`);
  else if (model !== undefined) {
    const isPart = models.some((known) => known.includes(String(model)) || String(model).includes(known));
    note('model', isPart, () => `${String(model)} instead of ${models.join(' or ')}`);
  }
  const provider = properties['$ai_provider'];
  if (provider !== undefined) {
    note('provider', truth.providers.includes(String(provider)), () => `${String(provider)}`);
  }
  if (truth.responseId !== undefined && evidence.hasExactly(truth.responseId)) {
    const id = properties['$ai_completion_id'];
    note('response id', id === truth.responseId, () => `${String(id)} instead of ${truth.responseId}`);
  }
  checkParameters(match, note);
  checkFinishReason(match, note);
  checkError(match, note);
  checkTiming(match, note);
}

/** Settings by the names that requests and attributes have for them. */
const SETTINGS: readonly (readonly [property: string, name: RegExp])[] = [
  ['temperature', /temperature/i],
  ['max_tokens', /max_?(?:output_?|new_?|completion_?)?tokens|maxTokenCount|max_gen_len/i],
  ['top_p', /top_?p\b/i],
];

const ALIASES: Readonly<Record<string, string>> = { max_tokens: 'max_completion_tokens' };

function checkParameters({ truth, translated, span }: Match, note: Note): void {
  const found = json(translated.event.properties['$ai_model_parameters']);
  const request = collectEvidence([JSON.parse(truth.requestText)]);
  const answer = collectEvidence([truth.answer]);
  for (const [property, name] of SETTINGS) {
    const asked = request.valuesBelow(name).filter((value) => typeof value === 'number');
    // Some APIs repeat the settings they used in their answer, defaults included.
    const right = [...asked, ...answer.valuesBelow(name)];
    const value = found.at(property).number ?? found.at(ALIASES[property] ?? '').number;
    // Some SDKs are given a setting and do not send it.
    if (right.length === 0) continue;
    const isRecorded = asked.some((number) => span.evidence.hasNumber(number, name));
    if (value === undefined && !isRecorded) continue;
    const isRight = value !== undefined && right.includes(value);
    note(
      'parameters',
      isRight,
      () => `${property} is ${value} in ${short(found.value)}, asked ${asked.join()}`,
    );
  }
}

function checkFinishReason({ truth, translated, span }: Match, note: Note): void {
  const found = translated.event.properties['$ai_stop_reason'];
  const recorded = span.evidence
    .valuesBelow(/(?:finish|stop|completion)_?reason/i)
    .filter((value) => foldReasons(value).some((reason) => truth.finishReasons.includes(reason)));
  if (found === undefined && recorded.length === 0) return;
  if (truth.isFailed && found === 'error') return;
  note(
    'finish reason',
    typeof found === 'string' && truth.finishReasons.includes(found),
    () => `${String(found)} instead of ${truth.finishReasons.join(' or ')}`,
  );
}

function checkError({ truth, translated, span }: Match, note: Note): void {
  const { properties } = translated.event;
  const { evidence } = span;
  const isError = properties['$ai_is_error'] === true;
  if (!truth.isFailed) {
    // What fails on the side of the application (a consumer that gives up, an answer it cannot parse) is recorded as well.
    note(
      'error',
      !isError || span.isError,
      () => `${short(properties['$ai_error'])} for a call that went well`,
    );
  } else {
    const isRecorded =
      span.isError || (truth.errorMessage !== undefined && evidence.hasText(truth.errorMessage));
    if (isRecorded) note('error', isError, () => 'the failure is not told');
    if (truth.errorMessage !== undefined && evidence.hasText(truth.errorMessage)) {
      const text = JSON.stringify(properties['$ai_error'] ?? '');
      note('error message', text.includes(truth.errorMessage), () => `${short(text)}`);
    }
  }
  const status = properties['$ai_http_status'];
  if (status !== undefined) note('HTTP status', status === truth.status, () => `${String(status)}`);
  else if (truth.status >= 400) {
    const isRecorded = evidence.hasNumber(truth.status, /status|code|error\.type/i);
    note('HTTP status', !isRecorded, () => `none instead of ${truth.status}`);
  }
}

function checkTiming({ truth, translated, span }: Match, note: Note): void {
  const { properties } = translated.event;
  if (properties['$ai_stream'] !== undefined) {
    const isStream = properties['$ai_stream'];
    note('streaming', isStream === truth.isStream, () => `${String(isStream)}`);
  }
  const seconds = properties['$ai_time_to_first_token'];
  if (seconds === undefined) {
    const recorded = span.evidence.valuesBelow(
      /first_?chunk|first_?token|msToFirst|completion_start_time|ttft/i,
    );
    note('time to first token', recorded.length === 0, () => `none although ${short(recorded)}`);
    return;
  }
  const lasted = Number(span.end - span.start) / 1e9;
  const isPossible = typeof seconds === 'number' && seconds >= 0 && seconds <= lasted;
  note('time to first token', isPossible, () => `${String(seconds)} s of ${lasted} s`);
}
