import type { Dialect } from './dialect.ts';
import { attribute, own } from './shared/sources.ts';
import { toText } from './shared/values.ts';

/**
 * Axiom's AI SDK, which wraps models of the AI SDK. The names are OpenTelemetry's; capability and step say what of the
 * application asked. Source: `axiom` 0.52 (`axiom/ai`).
 */
export const axiom: Dialect = {
  id: 'axiom',
  title: 'Axiom AI',
  detect: { scopes: ['axiom', 'axiom.*'], prefixes: ['axiom.gen_ai.'] },
  fields: {
    metadata: ['capability', 'step'].map((name) =>
      own(
        attribute(`gen_ai.${name}.name`, (value) =>
          toText(value) === undefined ? undefined : { [name]: value },
        ),
      ),
    ),
  },
};
