import { traceUrlOf } from '../config/endpoint.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import { packageName } from '../package-info.ts';
import type { DeliverySide } from './assemble-delivery.ts';
import { createDebugLines } from './debug-lines.ts';
import type { ExportParts } from './export-batch.ts';
import type { IncompleteSpans } from './incomplete-spans.ts';
import { showEvent } from './show-event.ts';

/** Who observes what becomes of spans: the application's logger and `onEvent`, and the watch on incomplete spans. */
export function watchTranslation(
  config: ResolvedConfig,
  delivery: DeliverySide,
  incomplete: IncompleteSpans,
): Pick<ExportParts, 'observer' | 'serialised' | 'onSelected'> {
  const { logger, endpoint, uiHost } = config;
  const traceUrl = (traceId: string) => traceUrlOf(traceId, endpoint, uiHost);
  const debug = config.debug ? createDebugLines(logger, traceUrl) : undefined;
  return {
    observer: {
      onFilterFailed: () => logger.warn(`${packageName}: the filter function failed; its call is not sent`),
      ...(debug ? { onLeftOut: debug.leftOut } : {}),
      onRead: (span, result) => {
        if (result?.type === 'call') incomplete.look(span, result.call.dialect);
      },
    },
    serialised: (translated) => {
      const serialised = delivery.serialised(translated.event.uuid, translated.fitted);
      // Asked for each event: the page of the gateway wants events only while it is open.
      if (serialised) showEvent(config.onEvent, serialised.json);
      debug?.event(translated, serialised?.json.length);
      return serialised;
    },
    onSelected: debug?.selected,
  };
}
