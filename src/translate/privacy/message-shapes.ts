/** Where in the known shapes of content a value stands. Everything inside `free` is content. */
export type Shape =
  | 'free'
  | 'messages'
  | 'message'
  | 'items'
  | 'item'
  | 'calls'
  | 'call'
  | 'tools'
  | 'tool'
  | 'function'
  | 'schema'
  | 'schemas';

interface ShapeRule {
  /**
   * Members by name. Those that are `structure` hold the shape together: they are no content, and without them PostHog
   * could not show the message.
   */
  readonly members: ReadonlyMap<string, Shape | 'structure'>;
  readonly otherMembers: Shape;
  /** Shape of the elements of a list. */
  readonly elements: Shape;
}

/** Chat messages and tools, in the forms in which the event stage writes them. */
export const SHAPES: Readonly<Record<Shape, ShapeRule>> = {
  free: rule({}),
  messages: rule({ elements: 'message' }),
  message: rule({
    structure: ['role', 'name', 'tool_call_id', 'finish_reason'],
    members: { content: 'items', tool_calls: 'calls' },
  }),
  items: rule({ elements: 'item' }),
  item: rule({ structure: ['type'] }),
  calls: rule({ elements: 'call' }),
  call: rule({ structure: ['id', 'type'], members: { function: 'function' } }),
  tools: rule({ elements: 'tool' }),
  tool: rule({ structure: ['type', 'name'], members: { function: 'function', parameters: 'schema' } }),
  function: rule({ structure: ['name'], members: { parameters: 'schema' } }),
  schema: rule({
    structure: ['type', 'format', '$ref', '$schema'],
    members: { properties: 'schemas' },
    otherMembers: 'schema',
    elements: 'schema',
  }),
  schemas: rule({ otherMembers: 'schema' }),
};

/** Chat messages have a role each; anything else is content through and through. */
export function shapeOf(value: unknown, kind: string): Shape {
  if (kind === 'tools') return 'tools';
  return Array.isArray(value) && value.length > 0 && value.every(hasRole) ? 'messages' : 'free';
}

function hasRole(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'role' in value && typeof value.role === 'string';
}

function rule(parts: {
  readonly structure?: readonly string[];
  readonly members?: Readonly<Record<string, Shape>>;
  readonly otherMembers?: Shape;
  readonly elements?: Shape;
}): ShapeRule {
  return {
    members: new Map<string, Shape | 'structure'>([
      ...(parts.structure ?? []).map((name) => [name, 'structure'] as const),
      ...Object.entries(parts.members ?? {}),
    ]),
    otherMembers: parts.otherMembers ?? 'free',
    elements: parts.elements ?? 'free',
  };
}
