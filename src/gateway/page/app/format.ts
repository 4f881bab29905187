const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const COUNT = new Intl.NumberFormat('en-US');

/** What is shown where nothing is known. */
export const NOTHING = '–';

export function timeOfDay(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? NOTHING : TIME.format(date);
}

export function count(value: number | undefined): string {
  return value === undefined ? NOTHING : COUNT.format(value);
}

export function seconds(value: number | undefined): string {
  return value === undefined ? NOTHING : milliseconds(value * 1_000);
}

export function milliseconds(value: number | undefined): string {
  if (value === undefined) return NOTHING;
  if (value === 0) return '0 ms';
  if (value < 1) return `${value.toFixed(value < 0.1 ? 2 : 1)} ms`;
  if (value < 1_000) return `${Math.round(value)} ms`;
  if (value < 60_000) return `${(value / 1_000).toFixed(2)} s`;
  return `${Math.floor(value / 60_000)} min ${Math.round((value % 60_000) / 1_000)} s`;
}

/** Costs of calls are small: at least two digits that are not zero. */
export function usd(value: number | undefined): string {
  if (value === undefined) return NOTHING;
  if (value === 0) return '$0';
  return `$${value >= 0.01 ? value.toFixed(4) : value.toPrecision(2)}`;
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  if (value < 1024 ** 2) return `${(value / 1024).toFixed(1)} KiB`;
  if (value < 1024 ** 3) return `${(value / 1024 ** 2).toFixed(1)} MiB`;
  return `${(value / 1024 ** 3).toFixed(1)} GiB`;
}

/** How long ago, in one unit. */
export function ago(iso: string, nowMs: number): string {
  const elapsed = Math.max(0, Math.round((nowMs - Date.parse(iso)) / 1_000));
  if (elapsed < 5) return 'now';
  if (elapsed < 60) return `${elapsed} s ago`;
  if (elapsed < 3_600) return `${Math.floor(elapsed / 60)} min ago`;
  return `${Math.floor(elapsed / 3_600)} h ago`;
}
