import { parseSync, Visitor } from 'rolldown/utils';

const NOT_ASCII = /[^\0-\x7f]/g;

/**
 * Writes each character outside of ASCII as its escape. V8 keeps a source with a single one of those that Latin-1 does
 * not have in two bytes per character, reads it slower, and holds it for as long as the process lives.
 */
export function asciiOnly() {
  return {
    name: 'ascii-only',
    renderChunk(code, { fileName }) {
      const found = [...code.matchAll(NOT_ASCII)];
      if (found.length === 0) return undefined;
      const texts = textsOf(fileName, code);
      for (const { index } of found) {
        const canBeEscaped = texts.some(({ start, end }) => index >= start && index < end);
        // Behind a backslash, or where the source of a template counts, an escape would be something else.
        if (!canBeEscaped || code[index - 1] === '\\')
          this.error(`${fileName}: “${code.slice(index - 30, index + 30)}” cannot be written in ASCII`);
      }
      return { code: code.replaceAll(NOT_ASCII, escapeOf), map: null };
    },
  };
}

/** Where strings, expressions and templates without a tag stand. */
function textsOf(fileName, code) {
  const { program } = parseSync(fileName, code);
  const texts = [];
  const tagged = new Set();
  const visitor = new Visitor({
    Literal: (node) => texts.push(node),
    TaggedTemplateExpression: ({ quasi }) => tagged.add(quasi),
    TemplateLiteral: (node) => tagged.has(node) || texts.push(...node.quasis),
  });
  visitor.visit(program);
  return texts;
}

/** Of one UTF-16 unit; a pair becomes two. */
function escapeOf(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
