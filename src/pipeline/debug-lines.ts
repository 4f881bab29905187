import type { Logger } from '../ledger/log.ts';
import { printableLine } from '../ledger/printable.ts';
import { packageName } from '../package-info.ts';
import type { SelectedCounts, TranslatedEvent, TranslateObserver } from '../translate/translate-steps.ts';

type Call = NonNullable<TranslatedEvent['call']>;
type SelectionFate = Parameters<NonNullable<TranslateObserver['onLeftOut']>>[1];

/** What `debug` says of spans. The lines name spans, models and events, never what was said. */
export interface DebugLines {
  /** @param bytes of the event; `undefined` when it could not be written */
  event(translated: TranslatedEvent, bytes: number | undefined): void;
  leftOut(call: Call, fate: SelectionFate): void;
  selected(counts: SelectedCounts): void;
}

const FATES: Readonly<Record<SelectionFate, string>> = {
  redundant: 'alone in its trace, it would only repeat a call of another',
  filtered: 'filtered by "rules" or "filter"',
  'sampled-out': 'sampled out by "samplingRate"',
};

/** @param traceUrl address of a trace in PostHog, where it is known where people look at it */
export function createDebugLines(
  logger: Logger,
  traceUrl: (traceId: string) => string | undefined,
): DebugLines {
  const say = (line: string) => logger.debug(`${packageName}: ${line}`);
  return {
    event: ({ event, call, demotion }, bytes) => {
      const fate = bytes === undefined ? 'cannot be written' : `${event.event} ${event.uuid}, ${bytes} bytes`;
      const repeats = demotion ? ', without numbers, which another span of the call carries' : '';
      const { $ai_trace_id: traceId } = event.properties;
      const url = bytes !== undefined && typeof traceId === 'string' ? traceUrl(traceId) : undefined;
      const shown = url === undefined ? '' : `, ${url}`;
      say(`${call ? `${nameOf(call)}: ` : ''}${fate}${repeats}${shown}`);
    },
    leftOut: (call, fate) => say(`${nameOf(call)}: ${FATES[fate]}`),
    selected: ({ foreign, unreadable }) => {
      if (foreign > 0) say(`${foreign} ${foreign === 1 ? 'span' : 'spans'} passed over: not of AI`);
      if (unreadable > 0) say(`${unreadable} spans cannot be read`);
    },
  };
}

/** Names of spans can quote a prompt, so they are not said. */
function nameOf({ kind, dialect, model, requestedModel, traceId, spanId }: Call): string {
  const called = model ?? requestedModel;
  // Some instrumentations leave it in the answer only, where it may be anything.
  const ofModel = called !== undefined && MODEL_NAME.test(called) ? ` ${called}` : '';
  return printableLine(`span ${spanId} of trace ${traceId} (${dialect}, ${kind}${ofModel})`);
}

const MODEL_NAME = /^[\w.:/@+#-]{1,100}$/;
