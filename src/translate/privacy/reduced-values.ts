import { isRecord } from '../../json/is-record.ts';
import { readMembers } from '../../json/object-of.ts';

/** Longest class or code of an error, package and all. */
const SINGLE_WORD = /^[\w.$:/`+<>,@[\]()#-]{1,120}$/;

/** Ids and names of models: signs that stand in them, and no quotes, brackets or letters beyond ASCII. */
const WITHOUT_SPACES = /^[\w.:/@+#=~%|,*-]{1,300}$/;

/** What providers allow in the name of a tool, and what MCP servers and modules put before it. */
const TOOL_NAME = /^[\w.:/@-]{1,128}$/;

/** A name, id, date, version or word of a closed list. */
const STRICT_FORM = /^[A-Za-z0-9_][\w.:/@+#-]{0,99}$/;

/** A value when it is a single word, a number or a boolean; classes and codes of errors are. */
export function singleWord(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && SINGLE_WORD.test(value) ? value : undefined;
}

/** A value when it is no prose; ids and names of models have no spaces. */
export function withoutSpaces(value: unknown): unknown {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && WITHOUT_SPACES.test(value) ? value : undefined;
}

/** Tools by type and name, without descriptions and schemas; `undefined` when no names are found. */
export function toolNamesOnly(tools: unknown): unknown {
  if (!Array.isArray(tools)) return undefined;
  const named = tools.flatMap((tool: unknown): object[] => {
    if (!isRecord(tool)) return [];
    const type = singleWord(tool.type) ?? 'function';
    const name = isRecord(tool.function) ? tool.function.name : tool.name;
    if (typeof name !== 'string' || !TOOL_NAME.test(name)) return [];
    return [type === 'function' ? { type, function: { name } } : { type, name }];
  });
  return named.length > 0 ? named : undefined;
}

/** Whether a text has the form of a name, an id, a date or a word of a closed list, and so cannot be prose. */
export function hasStrictForm(text: string): boolean {
  return STRICT_FORM.test(text);
}

/**
 * Of a value of unknown meaning, the numbers, flags, names and ids; members stay under names of that form
 * only. `undefined` when nothing is left.
 */
export function strictly(value: unknown): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return hasStrictForm(value) ? value : strictlyJson(value);
  if (Array.isArray(value)) {
    const reduced = value.map(strictly).filter((item) => item !== undefined);
    return reduced.length > 0 ? reduced : undefined;
  }
  if (!isRecord(value)) return undefined;
  return readMembers(value, (held, name) => (hasStrictForm(name) ? strictly(held) : undefined));
}

/** JSON in a text, which some libraries write for anything that is no text. */
function strictlyJson(text: string): unknown {
  if (!/^\s{0,10}[[{"]/.test(text)) return undefined;
  try {
    const reduced = strictly(JSON.parse(text));
    return reduced === undefined ? undefined : JSON.stringify(reduced);
  } catch {
    return undefined;
  }
}
