import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** What each room of src may import, besides itself. `types` may be imported as types only. */
const MAY_IMPORT: Readonly<
  Record<string, { readonly code: readonly string[]; readonly types?: readonly string[] }>
> = {
  json: { code: [] },
  translate: { code: ['json', 'package-info.ts'], types: ['config'] },
  ledger: { code: [] },
  config: { code: ['ledger', 'translate', 'deliver'] },
  deliver: { code: ['ledger', 'json', 'config', 'package-info.ts'], types: ['translate'] },
};

/** Packages that a room may use; rooms not named here use none. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  translate: ['node:crypto', 'node:net', '@opentelemetry/api', '@opentelemetry/semantic-conventions'],
  ledger: ['@opentelemetry/api', '@opentelemetry/semantic-conventions'],
  config: ['node:', 'undici'],
  deliver: ['node:', 'undici', '@opentelemetry/api'],
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isType: boolean;
}

function importsOf(room: string): Import[] {
  return readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(SRC, room, name);
      const found = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b([^;]*?)\bfrom\s+'([^']+)';/gms);
      return [...found].map(([, clause = '', target = '']) => ({
        file: relative(SRC, file),
        target: target.startsWith('.') ? relative(SRC, resolve(dirname(file), target)) : target,
        isType: isTypeOnly(clause),
      }));
    });
}

function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true;
  const names =
    /\{([^}]*)\}/s
      .exec(clause)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? [];
  return names.length > 0 && names.every((name) => name.startsWith('type '));
}

describe.each(Object.entries(MAY_IMPORT))('src/%s', (room, { code, types = [] }) => {
  it('imports only what stands before it', () => {
    const wrong = importsOf(room).filter(({ target, isType }) => {
      const place = target.split('/')[0] ?? '';
      if (place === room || code.includes(place) || (isType && types.includes(place))) return false;
      if (isType && !target.endsWith('.ts')) return false;
      return !(MAY_USE[room] ?? []).some((name) => target.startsWith(name));
    });
    expect(wrong).toEqual([]);
  });
});

describe('src', () => {
  it('never mentions PostHog where spans are understood', () => {
    // Attribute names that users set may hold the word; identifiers and imports may not.
    for (const room of ['translate/call', 'translate/trace']) {
      for (const { target } of importsOf(room)) expect(target.toLowerCase()).not.toContain('posthog');
    }
  });
});
