import type { SpoolEntry } from '../../deliver/spool/spool-name.ts';
import type { AddCommand } from '../command.ts';
import type { Output } from '../io.ts';
import { countOf, isDirectory, openSpool } from '../spool-access.ts';

export interface SpoolListFlags {
  readonly json?: boolean;
}

export const addSpool: AddCommand = (program, act) => {
  program
    .command('spool')
    .description('Look at what an exporter has spooled on disk.')
    .command('ls')
    .argument('<directory>', 'spool directory of an exporter')
    .description('List the files with their age, events and bytes. Prints nothing of what is in them.')
    .option('--json', 'print the list as JSON')
    .action((directory: string, flags: SpoolListFlags) =>
      act((_io, output) => runSpoolList(directory, flags, output)),
    );
};

/** Prints the files of a spool, without looking inside. 0 when the directory could be read, else 1. */
export async function runSpoolList(directory: string, flags: SpoolListFlags, output: Output): Promise<0 | 1> {
  if (!(await isDirectory(directory, output))) return 1;
  const entries = await openSpool(directory, '', output).list();
  if (flags.json) {
    output.print(JSON.stringify(entries.map(describe), null, 2));
    return 0;
  }
  if (entries.length === 0) {
    output.print(`Nothing is spooled in ${directory}.`);
    return 0;
  }
  const rows = entries
    .map(describe)
    .map((file) => [
      file.state,
      age(file.ageSeconds),
      String(file.events),
      String(file.bytes),
      file.project,
      file.name,
    ]);
  for (const row of align([['STATE', 'AGE', 'EVENTS', 'BYTES', 'PROJECT', 'FILE'], ...rows]))
    output.print(row);
  const events = entries.reduce((sum, entry) => sum + entry.events, 0);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  output.print(
    `\n${countOf(entries.length, 'file')}, ${countOf(events, 'event')}, ${countOf(bytes, 'byte')}`,
  );
  return 0;
}

function describe({ name, state, createdMs, events, bytes, destination }: SpoolEntry) {
  const sender = state.type === 'claimed' ? { pid: state.owner.pid } : {};
  return {
    name,
    state: STATE_NAMES[state.type],
    ...sender,
    createdAt: new Date(createdMs).toISOString(),
    ageSeconds: Math.max(0, Math.round((Date.now() - createdMs) / 1000)),
    events,
    bytes,
    /** Fingerprint of the project's key. */
    project: destination,
  };
}

const STATE_NAMES = {
  waiting: 'waiting',
  claimed: 'sending',
  partial: 'writing',
  damaged: 'damaged',
} as const;

function age(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
