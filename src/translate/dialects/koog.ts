import type { CallKind } from '../call/llm-call.ts';
import type { Dialect } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { systemText } from './shared/message-sources.ts';
import { own, structured } from './shared/sources.ts';
import { toContent } from './shared/values.ts';

const KINDS: Readonly<Record<string, CallKind>> = {
  'node *': 'step',
  'subgraph *': 'step',
  'strategy *': 'workflow',
};

/**
 * JetBrains' Koog (Kotlin). The names are OpenTelemetry's and the scope is the name that the application chose; nodes of a
 * strategy are structure with a state. Source: `JetBrains/koog` (agents-features-opentelemetry).
 */
export const koog: Dialect = {
  id: 'koog',
  title: 'Koog',
  framework: 'koog',
  detect: { prefixes: ['koog.'], scopes: ['ai.koog*'] },
  fields: {
    kind: [kindByName(KINDS)],
    systemInstructions: [own(systemText('system_instructions'))],
    inputState: [own(structured('koog.node.input', toContent))],
    outputState: [own(structured('koog.node.output', toContent))],
  },
};
