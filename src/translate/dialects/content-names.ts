import { ATTRIBUTE_CONTENT_KINDS, type AttributeContentKind, type Dialect, type Source } from './dialect.ts';
import type { Field } from './fields.ts';

/** Facts that are content, and what sort of. */
const CONTENT_FIELDS: { readonly [F in Field]?: AttributeContentKind } = {
  inputMessages: 'input',
  systemInstructions: 'input',
  inputState: 'input',
  outputMessages: 'output',
  outputState: 'output',
  toolDefinitions: 'tools',
  embeddingInput: 'embedding',
  promptTemplate: 'input',
  promptVariables: 'input',
  errorMessage: 'error',
};

/** A name or pattern of attributes that hold content. */
export interface ContentName {
  readonly kind: AttributeContentKind;
  readonly name: string;
}

/** Every attribute that the dialects read content from or declare as content, each name once. */
export function contentNamesOf(dialects: readonly Dialect[]): ContentName[] {
  const kinds = new Map<string, AttributeContentKind>();
  const add = (name: string, kind: AttributeContentKind) => {
    if (!kinds.has(name)) kinds.set(name, kind);
  };
  // What a dialect says in so many words comes first: a header is never sent, whoever reads it.
  for (const kind of ATTRIBUTE_CONTENT_KINDS) {
    for (const { content } of dialects) for (const name of content?.[kind] ?? []) add(name, kind);
  }
  for (const { fields } of dialects) {
    for (const [field, kind] of Object.entries(CONTENT_FIELDS)) {
      const sources = (fields[field as Field] ?? []) as readonly Source<unknown>[];
      for (const source of sources) {
        if (source.from === 'attribute') add(source.key, kind);
        if (source.from === 'prefix' && !source.isMixed) add(`${source.prefix}*`, kind);
      }
    }
  }
  return [...kinds].map(([name, kind]) => ({ name, kind }));
}

/** Names that one of the patterns would take although they hold no content. */
export function namesWithoutContent(dialects: readonly Dialect[]): string[] {
  return dialects.flatMap(({ content }) => content?.none ?? []);
}
