/** Powers of 1024 (IEC 80000-13) and of 1000 (SI). */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1000,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Bytes of a size such as `64 MiB`, `1.5 GB` or `4096`; `undefined` for anything else. */
export function parseBytes(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const factor = digits === '' ? undefined : UNITS[unit];
  const bytes = factor === undefined ? Number.NaN : Number(digits) * factor;
  return Number.isFinite(bytes) ? Math.round(bytes) : undefined;
}
