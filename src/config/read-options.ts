import type { ConfigProblemCode } from './config-error.ts';
import { type ConfigReport, readVariable, reportFinding, type Setting } from './config-report.ts';
import type { Finding, OptionRow, OptionTable, OptionValues } from './option-row.ts';
import type { FileSection, FileValue } from './parse-config-text.ts';

/** Where the values of options come from, strongest first. */
export interface OptionSources {
  /** As given in code. */
  readonly options: object;
  readonly env: NodeJS.ProcessEnv;
  readonly file: FileSource;
}

/** What a configuration file says. */
export interface FileSource {
  readonly values: FileSection;
  /**
   * The values are those of one of several destinations. They win over the environment then, which knows one destination
   * only: a variable with a key must not send the events of all of them to one project.
   */
  readonly isNamed: boolean;
}

export const NO_FILE: FileSource = { values: new Map(), isNamed: false };

type Row = OptionRow<never, unknown>;

/**
 * The value in force of every option of a table: that of the strongest source that has one, else the default. What is
 * wrong or odd goes to the report; the default then stands in. Weaker sources are not looked at.
 */
export function readOptions<Table extends OptionTable>(
  table: Table,
  sources: OptionSources,
  report: ConfigReport,
): OptionValues<Table> {
  const values = Object.entries(table).map(([name, row]) => [name, readOption(name, row, sources, report)]);
  return Object.fromEntries(values) as OptionValues<Table>;
}

/** As {@link readOptions}, for one option. */
export function readOption<Value>(
  name: string,
  row: OptionRow<never, Value>,
  sources: OptionSources,
  report: ConfigReport,
): Value {
  const setting = strongest(name, row, sources);
  if (setting === undefined) {
    if (row.missing) reportFinding(report, { name, source: 'option' }, row.missing);
    return row.fallback;
  }
  const { rule, environment } = row;
  const flaw = rule.flaw(setting.value, setting.source);
  if (flaw !== undefined) {
    const finding = findingOf(
      setting,
      row,
      (setting.source === 'environment' ? environment?.expects : undefined) ?? flaw,
    );
    if (setting.source !== 'environment' || environment?.whenWrong === 'stop') {
      reportFinding(report, setting, finding);
      return row.whenWrong ?? row.fallback;
    }
    report.warnings.push(`${finding.message} It has no effect.`);
    return row.fallback;
  }
  const given = setting.value as never;
  for (const oddity of rule.oddities?.(given) ?? []) report.warnings.push(asSentence(setting, oddity));
  return row.resolve ? row.resolve(given) : given;
}

function strongest(name: string, row: Row, { options, env, file }: OptionSources): Setting | undefined {
  const option = (options as Readonly<Record<string, unknown>>)[name];
  if (option !== undefined) return { name, source: 'option', value: option };
  const variable = variableOf(row, env);
  const held = file.values.get(name);
  if (variable !== undefined && !(file.isNamed && held !== undefined)) return variable;
  if (held === undefined || row.rule.schema === undefined) return undefined;
  return { name, source: 'config file', value: valueInFile(row, held), place: held.place };
}

/** A reference stands for a text, as a variable does, whatever the type of the option. */
function valueInFile({ rule }: Row, { value, isReferenced }: FileValue): unknown {
  const held = isReferenced && rule.fromText ? rule.fromText(String(value)) : value;
  return rule.fromFile ? rule.fromFile(held) : held;
}

function variableOf({ rule, environment }: Row, env: NodeJS.ProcessEnv): Setting | undefined {
  if (environment === undefined) return undefined;
  const text = readVariable(env, environment.variable);
  if (text === undefined) return undefined;
  const fromText = environment.fromText ?? rule.fromText ?? ((given: string) => given);
  const value = fromText(text);
  return value === undefined ? undefined : { name: environment.variable, source: 'environment', value };
}

function findingOf(setting: Setting, row: Row, flaw: string | Finding): Finding {
  if (typeof flaw !== 'string') return { ...flaw, message: withPlace(flaw.message, setting) };
  const code: ConfigProblemCode = row.problem?.code ?? 'option-invalid';
  const fix = row.problem?.fix ?? 'Correct it, or leave it out to use the default.';
  return { code, message: withPlace(asSentence(setting, `${flaw}.`), setting), fix };
}

/** Puts the name of a setting before words about its value; whole sentences stay as they are. */
function asSentence({ name, source }: Setting, words: string): string {
  if (/^[A-Z]/.test(words)) return words;
  const SUBJECTS = { option: `The option "${name}"`, environment: name, 'config file': `"${name}"` } as const;
  return `${SUBJECTS[source]} ${words}`;
}

function withPlace(message: string, { place }: Setting): string {
  return place === undefined ? message : `${message.replace(/\.$/, '')} (${place}).`;
}
