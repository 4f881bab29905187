import { context, createContextKey } from '@opentelemetry/api';

const METADATA = createContextKey('example trace metadata');

/** Runs `work`; every span that starts meanwhile, whoever makes it, gets these attributes. */
export function withMetadata(attributes, work) {
  return context.with(context.active().setValue(METADATA, attributes), work);
}

/** Span processor that puts the attributes on the spans. */
export const stampMetadata = {
  onStart(span, parentContext) {
    span.setAttributes(parentContext.getValue(METADATA) ?? {});
  },
  onEnd() {},
  async forceFlush() {},
  async shutdown() {},
};
