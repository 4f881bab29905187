/** What a mutation may put in the place of a value: one of each kind of trouble that instrumentations and callers make. */
const STRANGE: readonly ((random: () => number) => unknown)[] = [
  () => undefined,
  () => null,
  () => '',
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -1,
  () => 2 ** 53,
  () => 12n ** 40n,
  () => Symbol('odd'),
  () => () => 'a function',
  () => new Date(Number.NaN),
  () => new Uint8Array(2_000).fill(7),
  () => new Map([['a', 1]]),
  () => [[[[]]]],
  () => ['', null, undefined, 1, true, { a: 1 }],
  () => '\ud800 half a pair \0 \u202e',
  () => '{"role":"user","content":"cut',
  () => '[{"role":"assistant","tool_calls":[{"function":{"arguments":"{\\"a\\":',
  () => "[{'role': 'user', 'content': None}]",
  (random) => 'lorem ipsum '.repeat(Math.floor(random() * 20_000)),
  (random) => '["'.repeat(Math.floor(random() * 20_000)),
  (random) => '{"a":'.repeat(Math.floor(random() * 20_000)),
  (random) => '\\"'.repeat(Math.floor(random() * 50_000)),
  (random) => `data:image/png;base64,${'iVBORw0KGgo'.repeat(Math.floor(random() * 20_000))}`,
  (random) => JSON.stringify(Array.from({ length: Math.floor(random() * 5_000) }, (_, index) => ({ index }))),
  (random) => JSON.stringify(nested(Math.floor(random() * 3_000))),
  (random) => nested(Math.floor(random() * 3_000)),
  cyclic,
  () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('a proxy that throws');
        },
        ownKeys: () => {
          throw new Error('a proxy that throws');
        },
      },
    ),
];

function nested(levels: number): unknown {
  let value: unknown = 'in the middle';
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { content: value };
  return value;
}

/** Each look at it gives another object, for ever. */
function cyclic(): unknown {
  const value = { role: 'user', again: [] as unknown[] };
  value.again.push(value);
  Object.defineProperty(value, 'content', { enumerable: true, get: cyclic });
  return value;
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** A text with a part cut out, doubled, swapped or overwritten. */
function mutateText(text: string, random: () => number): string {
  const from = Math.floor(random() * text.length);
  const to = Math.min(text.length, from + Math.floor(random() * 40));
  const part = text.slice(from, to);
  switch (Math.floor(random() * 4)) {
    case 0:
      return text.slice(0, from) + text.slice(to);
    case 1:
      return text.slice(0, from) + part.repeat(Math.floor(random() * 200)) + text.slice(to);
    case 2:
      return text.slice(0, from);
    default:
      return `${text.slice(0, from)}${String.fromCharCode(random() * 0x300)}${text.slice(to)}`;
  }
}

function valueAt(attributes: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return attributes[name];
  } catch {
    return undefined;
  }
}

/**
 * Attributes with a few of them changed: another type, hostile text, the value of another, a name that is cut or huge,
 * a getter that throws.
 */
export function mutateAttributes(
  attributes: Readonly<Record<string, unknown>>,
  random: () => number,
): Record<string, unknown> {
  const mutated: Record<string, unknown> = { ...attributes };
  const names = Object.keys(attributes);
  const set = (name: string, value: unknown): void =>
    void Object.defineProperty(mutated, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  for (let change = 0; change <= random() * 4; change++) {
    const name = pick(names, random) ?? 'gen_ai.input.messages';
    const value = valueAt(mutated, name);
    switch (Math.floor(random() * 6)) {
      case 0:
        set(name, pick(STRANGE, random)?.(random));
        break;
      case 1:
        set(name, typeof value === 'string' ? mutateText(value, random) : value);
        break;
      case 2:
        set(name, valueAt(mutated, pick(names, random) ?? name));
        break;
      case 3:
        set(mutateText(name, random), value);
        break;
      case 4:
        set(`${name}.${name.repeat(Math.floor(random() * 500))}`, pick(STRANGE, random)?.(random));
        break;
      default:
        Object.defineProperty(mutated, name, {
          enumerable: true,
          configurable: true,
          get: () => {
            throw new Error('a getter that throws');
          },
        });
    }
  }
  return mutated;
}
