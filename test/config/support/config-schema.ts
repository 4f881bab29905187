import {
  DESTINATION_KEYS,
  GATEWAY_DESTINATION_KEYS,
  GATEWAY_KEYS,
} from '../../../src/config/config-file-keys.ts';
import type { JsonSchema } from '../../../src/config/option-row.ts';
import { gatewaySchema } from '../../gateway/support/gateway-pages.ts';
import { ALL_OPTIONS } from './options-pages.ts';

/** The schema that editors check configuration files with: `config.schema.json` in the package. */
export function renderConfigSchema(): string {
  const options = Object.fromEntries(
    Object.entries(ALL_OPTIONS).flatMap(([name, { rule, description, environment }]) => {
      if (rule.schema === undefined) return [];
      const variable = environment === undefined ? '' : ` The variable ${environment.variable} wins over it.`;
      return [[name, orReference(rule.schema, `${description.replaceAll('`', '')}.${variable}`)]];
    }),
  );
  const destination = {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      ...describeAll(DESTINATION_KEYS),
      ...options,
      ...describeAll(GATEWAY_DESTINATION_KEYS),
    },
  };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of posthog-llm-exporter',
    description: `Options of one destination, or "destinations" with several. Every text may hold $\{env:NAME} and $\{file:/path}.`,
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...options,
      destinations: { type: 'array', minItems: 1, items: destination },
      ...describeAll(GATEWAY_KEYS, gatewaySchema()),
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function describeAll(
  keys: Readonly<Record<string, string>>,
  schemas: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  const described = Object.entries(keys).map(([name, description]) => [
    name,
    { description, ...schemas[name] },
  ]);
  return Object.fromEntries(described);
}

/** A value, or a reference to one, which is a text whatever it stands for. */
function orReference(schema: JsonSchema, description: string): JsonSchema {
  const isText = schema['type'] === 'string' && !('pattern' in schema) && !('enum' in schema);
  return isText
    ? { description, ...schema }
    : { description, anyOf: [schema, { type: 'string', pattern: '[$][{](env|file):' }] };
}
