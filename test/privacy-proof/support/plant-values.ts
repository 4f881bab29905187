import { hasFreeKeys, isSetting, isStructure } from './kept-attributes.ts';
import type { Planted, SecretBook } from './secrets.ts';

export type Json = Record<string, unknown>;

/** Where planting stands. */
export interface Spot {
  readonly book: SecretBook;
  readonly source: string;
  readonly place: string;
  readonly sort: Planted['sort'];
}

/** First bytes of a PNG file, so that a picture with a secret still looks like one. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** An OTLP value. */
export function plantInValue(value: unknown, spot: Spot, key = ''): unknown {
  const any = record(value);
  if (!any) return value;
  if (typeof any.stringValue === 'string') return { stringValue: plantInText(any.stringValue, spot) };
  const array = record(any.arrayValue);
  if (array) {
    return { arrayValue: { values: list(array.values).map((item) => plantInValue(item, spot, key)) } };
  }
  const pairs = record(any.kvlistValue);
  if (!pairs) return value;
  const held = Object.fromEntries(list(pairs.values).map((pair) => [String(pair.key), pair.value]));
  return {
    kvlistValue: {
      values: Object.entries(held).map(([name, inner]) => ({
        key: name,
        value: isStructure(name, held) ? inner : plantInValue(inner, below(spot, name), name),
      })),
    },
  };
}

/** Plain, JSON or a file in base64; each stays what it is. */
export function plantInText(value: string, spot: Spot): string {
  const json = parsed(value);
  if (json !== undefined) {
    const written = JSON.stringify(plantInJson(json, spot));
    // Escapes are as valid, and are what some serialisers write.
    return spot.book.planted.length % 4 === 0
      ? written.replaceAll('SECRET', String.raw`\u0053ECRET`)
      : written;
  }
  const [, head = '', file] = /^(data:[^,]{0,100};base64,)?([A-Za-z0-9+/]{64,}={0,2})$/.exec(value) ?? [];
  const secret = spot.book.next(spot.source, file ? `${spot.place} (file)` : spot.place, spot.sort);
  if (file) return head + Buffer.concat([PNG, Buffer.from(` ${secret} `.repeat(8))]).toString('base64');
  switch (isSetting(spot.place) ? 0 : spot.book.planted.length % 3) {
    case 0:
      return `${secret} ${value}`;
    case 1:
      return `${value} ${secret}`;
    default:
      return secret;
  }
}

function plantInJson(value: unknown, spot: Spot): unknown {
  if (typeof value === 'string') return plantInText(value, spot);
  if (Array.isArray(value)) {
    // Some emitters list tools by name only, and names of tools are sent.
    if (/tool\.definitions$|available_tools$/.test(spot.place) && typeof value[0] === 'string') return value;
    return value.map((item) => plantInJson(item, spot));
  }
  const held = record(value);
  if (!held) return value;
  return Object.fromEntries(
    Object.entries(held).flatMap(([name, inner]): [string, unknown][] => {
      if (isStructure(name, held)) return [[name, inner]];
      const planted = plantInJson(inner, below(spot, name));
      if (!hasFreeKeys(name) || !record(planted)) return [[name, planted]];
      const secret = spot.book.next(spot.source, `${spot.place}.${name} (key)`, spot.sort);
      return [[name, { ...record(planted), [secret]: 1 }]];
    }),
  );
}

function below(spot: Spot, name: string): Spot {
  return { ...spot, place: `${spot.place}.${name}` };
}

/** The value of a text that is JSON and not just a number or a word. */
function parsed(value: string): unknown {
  if (!/^\s*[[{"]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

export function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
