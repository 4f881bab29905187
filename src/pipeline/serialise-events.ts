import { NO_EVENT, type SerialisedEvent } from '../deliver/transport.ts';
import type { PostHogEvent } from '../translate/event/posthog-event.ts';
import { type FitResult, fitEvent, fitSerialised } from '../translate/limits/fit-event.ts';
import type { TrimAction } from '../translate/limits/trim-record.ts';

/** Makes events fit, and counts those of which something was cut. */
export interface Serialiser {
  /** `undefined` when the event cannot be written within the limit. */
  serialise(event: PostHogEvent, maxEventBytes: number): SerialisedEvent | undefined;
  /** For a limit that turns out to be lower. */
  shrink(event: SerialisedEvent, maxEventBytes: number): SerialisedEvent | undefined;
  trims(): {
    readonly trimmed: number;
    readonly trimmedByAction: Readonly<Partial<Record<TrimAction, number>>>;
  };
}

/** @param onTrimmed told of each way in which an event was cut */
export function createSerialiser(onTrimmed: (action: TrimAction) => void = () => {}): Serialiser {
  const byAction: Partial<Record<TrimAction, number>> = {};
  let trimmed = 0;
  const noted = (uuid: string, result: FitResult): SerialisedEvent | undefined => {
    if (!('json' in result)) return undefined;
    if (result.trimmed.length > 0) trimmed += 1;
    for (const action of new Set(result.trimmed.map((trim) => trim.action))) {
      byAction[action] = (byAction[action] ?? 0) + 1;
      onTrimmed(action);
    }
    return { ...NO_EVENT, uuid, json: result.json, page: result.page };
  };
  return {
    serialise: (event, maxEventBytes) => noted(event.uuid, fitEvent(event, maxEventBytes)),
    shrink: ({ uuid, json }, maxEventBytes) => noted(uuid, fitSerialised(json, maxEventBytes)),
    trims: () => ({ trimmed, trimmedByAction: { ...byAction } }),
  };
}
