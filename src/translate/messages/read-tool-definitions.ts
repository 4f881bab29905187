import type { ToolDefinition } from '../call/messages.ts';
import { neverThrow } from '../span/never-throw.ts';
import { firstText, firstValue } from './object-members.ts';
import type { JsonObject } from './recogniser.ts';
import { isRecord, parseJson } from './recorded-json.ts';

/**
 * The tools that a model was offered, in any provider's format.
 * @param value JSON text, a structured list, a list of JSON texts, names only, or an object that holds the list
 * @returns tools in their order, `undefined` when there are none
 */
export function readToolDefinitions(value: unknown): ToolDefinition[] | undefined {
  return neverThrow(() => {
    const tools: ToolDefinition[] = [];
    for (const entry of entriesOf(parseJson(value))) readEntry(entry, tools);
    return tools.length > 0 ? tools : undefined;
  });
}

/** Bedrock and several SDKs wrap the list; Gemini groups declarations (both kinds of REST spelling). */
const LIST_KEYS = ['tools', 'functionDeclarations', 'function_declarations', 'toolConfig', 'tool_config'];

/** Lists of lists are three levels deep at most (`toolConfig`, `tools`, `functionDeclarations`). */
const MAX_LEVELS = 3;

function entriesOf(value: unknown, level = 0): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return typeof value === 'string' ? [value] : [];
  const inner = firstValue(value, LIST_KEYS);
  return inner !== undefined && level < MAX_LEVELS ? entriesOf(inner, level + 1) : [value];
}

/** What providers allow in a name, and what MCP servers and modules put before it. */
const TOOL_NAME = /^[\w.:/@-]{1,128}$/;

/** Types that say nothing about which tool it is. */
const COMMON_TYPES: ReadonlySet<string | undefined> = new Set(['function', 'custom', 'tool']);

function readEntry(entry: unknown, tools: ToolDefinition[], level = 0): void {
  const tool = typeof entry === 'string' ? parseJson(entry) : entry;
  // Text that is no JSON is a name, or no tool: what is left of a definition may hold what must not leave.
  if (typeof tool === 'string' && TOOL_NAME.test(tool)) tools.push({ name: tool });
  if (!isRecord(tool)) return;
  const inner = firstValue(tool, LIST_KEYS);
  if (inner !== undefined && level < MAX_LEVELS) {
    for (const nested of entriesOf(inner)) readEntry(nested, tools, level + 1);
  } else addTool(tool, tools);
}

/** Objects that some providers put name and schema into. */
const BODY_KEYS = ['function', 'toolSpec', 'tool_spec', 'custom'];
const SCHEMA_KEYS = [
  'parameters',
  'inputSchema',
  'input_schema',
  'parametersJsonSchema',
  'arguments',
  'schema',
];

function addTool(tool: JsonObject, tools: ToolDefinition[]): void {
  const body = firstValue(tool, BODY_KEYS);
  const inner = isRecord(body) ? body : tool;
  const type = firstText(tool, ['type']);
  const name =
    firstText(inner, ['name', 'toolName']) ??
    firstText(tool, ['id']) ??
    (COMMON_TYPES.has(type) ? undefined : type);
  if (name === undefined) {
    addBuiltIns(tool, tools);
    return;
  }
  const description = firstText(inner, ['description']);
  const parameters = schemaOf(firstValue(inner, SCHEMA_KEYS));
  const kind = type ?? (parameters === undefined ? undefined : 'function');
  tools.push({
    name,
    ...(description === undefined ? undefined : { description }),
    ...(parameters === undefined ? undefined : { parameters }),
    ...(kind === undefined ? undefined : { type: kind }),
  });
}

/** Gemini's own tools are keys: `{googleSearch: {}}`; cache markers are no tools. */
function addBuiltIns(tool: JsonObject, tools: ToolDefinition[]): void {
  for (const [name, options] of Object.entries(tool)) {
    if (!isRecord(options) || name === 'cachePoint' || BODY_KEYS.includes(name)) continue;
    tools.push({ name: firstText(options, ['name']) ?? name, type: name });
  }
}

/** Bedrock and the AI SDK wrap the schema; Traceloop writes it as JSON text. */
function schemaOf(value: unknown): unknown {
  const schema = parseJson(value);
  if (!isRecord(schema)) return schema;
  return isRecord(schema.json) ? schema.json : isRecord(schema.jsonSchema) ? schema.jsonSchema : schema;
}
