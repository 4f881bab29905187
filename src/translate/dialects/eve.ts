import type { Dialect } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, metadataBelow } from './shared/sources.ts';
import { toText } from './shared/values.ts';

/**
 * Vercel's eve, an agent framework upon the AI SDK: a span per turn of an agent, with the AI SDK's spans
 * below it, which carry the session in their runtime context. Source: `eve` (turn spans and runtime context).
 */
export const eve: Dialect = {
  id: 'eve',
  title: 'eve',
  framework: 'eve',
  detect: { scopes: ['eve'], prefixes: ['eve.'] },
  fields: {
    kind: [kindByName({ 'ai.eve.turn*': 'agent' })],
    sessionId: [attribute('eve.session.id', toText), attribute('ai.settings.context.eve.session.id', toText)],
    metadata: [metadataBelow('eve.', ['session.id'])],
  },
};
