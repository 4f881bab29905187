import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { hasSignOfAi } from './shared/signs-of-ai.ts';

/**
 * opencode, an agent for the terminal. Its calls are the AI SDK's; its own scope covers files, plugins and the database of
 * the session as well, some thousand spans for each question. Source: `sst/opencode`.
 */
export const opencode: Dialect = {
  id: 'opencode',
  title: 'opencode',
  framework: 'opencode',
  detect: { scopes: ['opencode'] },
  fields: {},
  correctKind: withoutSign,
};

function withoutSign(context: KindContext): KindCorrection | undefined {
  return hasSignOfAi(context)
    ? undefined
    : { kind: 'ignore', because: "it is a step of opencode's own work without a sign of AI" };
}
