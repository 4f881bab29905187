import type { SerialisedEvent } from '../deliver/transport.ts';
import { type FitResult, fitSerialised } from '../translate/limits/fit-event.ts';
import type { TrimAction } from '../translate/limits/trim-record.ts';

/** Events in the form that delivery takes, with an account of those of which something was cut. */
export interface Serialiser {
  /** `undefined` when the event cannot be written within the limit. */
  serialised(uuid: string, fitted: FitResult): SerialisedEvent | undefined;
  /** For a limit that turns out to be lower. */
  shrink(event: SerialisedEvent, maxEventBytes: number): SerialisedEvent | undefined;
  trims(): {
    readonly trimmed: number;
    readonly trimmedByAction: Readonly<Partial<Record<TrimAction, number>>>;
  };
}

/** @param onTrimmed called for each way in which an event was cut */
export function createSerialiser(onTrimmed: (action: TrimAction) => void = () => {}): Serialiser {
  const byAction: Partial<Record<TrimAction, number>> = {};
  let trimmed = 0;
  const serialised = (uuid: string, fitted: FitResult): SerialisedEvent | undefined => {
    if (!('json' in fitted)) return undefined;
    if (fitted.trimmed.length > 0) trimmed += 1;
    for (const action of new Set(fitted.trimmed.map((trim) => trim.action))) {
      byAction[action] = (byAction[action] ?? 0) + 1;
      onTrimmed(action);
    }
    return { uuid, json: fitted.json, page: fitted.page };
  };
  return {
    serialised,
    shrink: ({ uuid, json }, maxEventBytes) => serialised(uuid, fitSerialised(json, maxEventBytes)),
    trims: () => ({ trimmed, trimmedByAction: { ...byAction } }),
  };
}
