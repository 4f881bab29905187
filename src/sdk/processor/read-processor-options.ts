import { type ConfigProblem, PostHogLLMConfigError } from '../../config/config-error.ts';
import type { ConfigReport } from '../../config/config-report.ts';
import { checkOptionNames, meantOption } from '../../config/option-names.ts';
import type { OptionValues } from '../../config/option-row.ts';
import { EXPORTER_OPTIONS } from '../../config/option-table.ts';
import type { PostHogLLMSpanExporterOptions } from '../../config/options.ts';
import { PROCESSOR_OPTIONS } from '../../config/processor-option-table.ts';
import { readOptions } from '../../config/read-options.ts';
import { readConfig, readFile } from '../../config/resolve-config.ts';
import { typeName } from '../../config/type-name.ts';

/** The options of the processor itself, in force. */
export type SpanProcessorSettings = OptionValues<typeof PROCESSOR_OPTIONS>;

export interface ProcessorOptionsReading {
  readonly settings: SpanProcessorSettings;
  /** What the exporter is made from; `undefined` when there is one already. */
  readonly forExporter: PostHogLLMSpanExporterOptions | undefined;
  readonly warnings: readonly string[];
}

/**
 * Sorts the options of a processor into its own and those of the exporter that it makes.
 *
 * @param isExporter whether something is an exporter of ours, of this copy of the package or another
 * @throws PostHogLLMConfigError with everything that is wrong with either
 */
export function readProcessorOptions(
  given: unknown,
  env: NodeJS.ProcessEnv,
  isExporter: (value: unknown) => boolean,
): ProcessorOptionsReading {
  const report: ConfigReport = { problems: [], warnings: [] };
  const options = checkShape(given, isExporter, report);
  const exporterOptions = pick(options, EXPORTER_OPTIONS);
  const hasExporter = Object.hasOwn(options, 'exporter');
  if (hasExporter) checkExporter(options, isExporter, report);
  const { exporter: _, ...others } = options;
  checkOptionNames(others, { ...EXPORTER_OPTIONS, ...PROCESSOR_OPTIONS }, undefined, report);
  const file = readFile(exporterOptions, env, { problems: [], warnings: [] });
  const settings = readOptions(PROCESSOR_OPTIONS, { options, env, file }, report);
  if (settings.maxQueueSize < settings.maxExportBatchSize && options['maxQueueSize'] !== undefined) {
    report.warnings.push(
      'The option "maxQueueSize" is below "maxExportBatchSize", so that no batch ever becomes full.',
    );
  }
  if (report.problems.length > 0) {
    const more = hasExporter || given !== options ? [] : readConfig(exporterOptions, env).problems;
    throw new PostHogLLMConfigError([...report.problems, ...more]);
  }
  return {
    settings,
    forExporter: hasExporter ? undefined : { deadlineMs: settings.exportTimeoutMs, ...exporterOptions },
    warnings: report.warnings,
  };
}

function checkShape(
  given: unknown,
  isExporter: (value: unknown) => boolean,
  report: ConfigReport,
): Readonly<Record<string, unknown>> {
  if (typeof given === 'object' && given !== null && !isExporter(given)) {
    return given as Readonly<Record<string, unknown>>;
  }
  report.problems.push(
    isExporter(given)
      ? problem(
          'exporter',
          'The exporter was given in place of the options.',
          'Write new PostHogLLMSpanProcessor({ exporter }).',
        )
      : problem(
          'options',
          `The options must be an object, not ${typeName(given)}.`,
          'Give an object, or nothing at all to configure by environment.',
        ),
  );
  return {};
}

/** Options beside an exporter would have no effect: prompts that they were to withhold would leave. */
function checkExporter(
  options: Readonly<Record<string, unknown>>,
  isExporter: (value: unknown) => boolean,
  report: ConfigReport,
): void {
  const { exporter } = options;
  if (!isExporter(exporter)) {
    report.problems.push(
      problem(
        'exporter',
        exporter === undefined
          ? 'The option "exporter" is there, but undefined.'
          : `The option "exporter" must be a PostHogLLMSpanExporter, not ${foreignName(exporter)}.`,
        'Give new PostHogLLMSpanExporter(…), or leave "exporter" out and give its options here. Other exporters belong into a processor of their own.',
      ),
    );
  }
  const misplaced = Object.keys(options).filter((name) => {
    if (name === 'exporter' || Object.hasOwn(PROCESSOR_OPTIONS, name) || options[name] === undefined)
      return false;
    return meantOption(name, EXPORTER_OPTIONS) !== undefined;
  });
  if (misplaced.length === 0) return;
  const names = misplaced.map((name) => JSON.stringify(name)).join(', ');
  report.problems.push(
    problem(
      misplaced.join(', '),
      `${names} would have no effect beside "exporter".`,
      `Give ${misplaced.length === 1 ? 'it' : 'them'} to new PostHogLLMSpanExporter({ … }), or leave "exporter" out.`,
    ),
  );
}

function foreignName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeName(value);
  const name: unknown = (Object.getPrototypeOf(value) as object | null)?.constructor?.name;
  return typeof name === 'string' && name !== 'Object' ? name : 'another object';
}

function problem(option: string, message: string, fix: string): ConfigProblem {
  return { code: 'option-invalid', option, source: 'option', message, fix };
}

function pick(options: object, table: object): PostHogLLMSpanExporterOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(table, name)));
}
