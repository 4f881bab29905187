import type { ConfigProblemCode, ConfigSource } from './config-error.ts';

/** A fragment of JSON Schema (draft-07, which editors read). */
export type JsonSchema = { readonly [member: string]: unknown };

/** What is wrong with a value, before it is known where the value came from. Never quotes a key. */
export interface Finding {
  readonly code: ConfigProblemCode;
  /** A whole sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** What values an option takes. `Given` is their type in code. */
export interface ValueRule<Given> {
  /** The type as the documentation shows it, such as `'gzip' | 'none'`. */
  readonly type: string;
  /** What a configuration file may hold. Absent: the option exists in code only. */
  readonly schema?: JsonSchema;
  /**
   * What is wrong with a value: words that follow the name of the option ("must be …"), or a finding of its own.
   * `undefined` when nothing is.
   */
  flaw(value: unknown, source: ConfigSource): string | Finding | undefined;
  /** Oddities of a usable value, as whole sentences. */
  oddities?(value: Given): readonly string[];
  /** The value that a text stands for: an environment variable, or `${env:NAME}` in a file. The text when it is none. */
  fromText?(text: string): unknown;
  /** The value that stands in a file, where it may be written in another way than in code, such as `64 MiB`. */
  fromFile?(value: unknown): unknown;
  /** Never there; it lets the compiler distinguish rules of different types. */
  readonly accepts?: (given: Given) => void;
}

/** Sections of the documentation, in their order. */
export const OPTION_GROUPS = [
  'destination',
  'content',
  'calls',
  'delivery',
  'reporting',
  'processor',
] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

/** What is known of an option beside its value in force. */
interface OptionFacts<Given> {
  readonly group: OptionGroup;
  /** One sentence for tables and editors, without full stop. */
  readonly description: string;
  readonly rule: ValueRule<Given>;
  /** The default in words, where the fallback does not say it. */
  readonly defaultText?: string;
  readonly environment?: {
    readonly variable: string;
    /** Of a wrong value: `stop` refuses the start, since data would go astray; `ignore` warns and uses the default. */
    readonly whenWrong: 'stop' | 'ignore';
    /** Where the variable says it in other words than the option. Default: the rule's `fromText`. */
    readonly fromText?: (text: string) => unknown;
    /** What is wrong with a value that cannot be used, in words. Default: what the rule says. */
    readonly expects?: string;
  };
  /** Problem when no source has a value. */
  readonly missing?: Finding;
  /** How the problem of a wrong value is named and mended. Default: `option-invalid`. */
  readonly problem?: { readonly code: ConfigProblemCode; readonly fix: string };
  /** The value in force may lead to credentials: printing a configuration shows `[hidden]`. */
  readonly isHidden?: true;
  /** Names that people write instead. They are refused with the right one. */
  readonly lookAlikes?: readonly string[];
}

/** Everything there is to know of one option. `Given` is its type in code, `Value` its type in a configuration in force. */
export interface OptionRow<Given, Value> extends OptionFacts<Given> {
  /** In force when no source has a value. */
  readonly fallback: Value;
  /** In force beside a problem, which stops the start. Default: `fallback`. */
  readonly whenWrong?: Value;
  /** Turns a checked value into the one in force; a row without it uses the value as given. */
  readonly resolve?: (given: Given) => Value;
}

/** Options by name. Each table has one row per option. */
export type OptionTable = { readonly [name: string]: OptionRow<never, unknown> };

/** The configuration in force that a table makes. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends OptionRow<never, infer Value> ? Value : never;
};

/** What code may give to the options of a table. */
export type OptionsGiven<Table extends OptionTable> = {
  readonly [Name in keyof Table]?:
    | (Table[Name] extends OptionRow<infer Given, unknown> ? Given : never)
    | undefined;
};

/** A row whose value is in force as it was given. */
export function option<Given>(
  row: OptionFacts<Given> & { readonly fallback: NoInfer<Given>; readonly whenWrong?: NoInfer<Given> },
): OptionRow<Given, Given>;
export function option<Given>(
  row: OptionFacts<Given> & { readonly fallback: undefined },
): OptionRow<Given, Given | undefined>;
export function option<Given>(
  row: OptionFacts<Given> & { readonly fallback: Given | undefined },
): OptionRow<Given, Given | undefined> {
  return row;
}

/** A row whose value is turned into something else. */
export function resolvedOption<Given, Value>(
  row: OptionFacts<Given> & { readonly fallback: Value; readonly resolve: (given: Given) => Value },
): OptionRow<Given, Value> {
  return row;
}
