import { shownUrl } from '../ledger/shown-url.ts';
import { packageName } from '../package-info.ts';
import type { LibraryReport } from './instrumentation-settings.ts';
import type { AttachmentType, HandoverType } from './provider/attach.ts';

/** One line about the start: what was done (`info`), or what is missing and what to do (`warn`). */
export interface Line {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

const ADD_IT = `add new PostHogLLMSpanProcessor() of ${packageName} to its spanProcessors, and its logRecordProcessor() to the logRecordProcessors`;

const ATTACHMENTS: Readonly<Record<AttachmentType, string>> = {
  'own-provider': 'with a tracer provider of its own',
  'existing-provider': 'as part of the tracer provider of the application',
  'closed-provider': `the tracer provider of the application takes no more span processors: ${ADD_IT}`,
  'application-sends': 'by the application itself, whose tracer provider has an exporter of this package',
  'no-sdk':
    'there is no OpenTelemetry SDK, and the one that the package brings is missing, as in a bundle that left it out: keep posthog-llm-exporter external to the bundle, or install @opentelemetry/sdk-trace-base',
};

/** What the start came to: the line that says where calls go, then what is odd. */
export function describeStart(
  endpoints: readonly string[],
  attachment: AttachmentType,
  reports: readonly LibraryReport[],
): readonly Line[] {
  if (attachment === 'closed-provider' || attachment === 'no-sdk')
    return [{ level: 'warn', text: `sends nothing: ${ATTACHMENTS[attachment]}` }];
  const where = [...new Set(endpoints.map((endpoint) => shownUrl(endpoint)))].join(' and ');
  const enabled = reports.flatMap(describeEnabled);
  const how = enabled.join(', ') || 'no instrumentation found';
  return [
    { level: 'info', text: `sends to ${where}, ${ATTACHMENTS[attachment]}; ${how}` },
    ...reports
      .filter(({ notes }) => notes.length > 0)
      .map(({ notes }): Line => ({ level: 'warn', text: notes.join('; ') })),
  ];
}

function describeEnabled({ enabled, ownTelemetry, library, version }: LibraryReport): readonly string[] {
  const how = enabled ?? ownTelemetry;
  return how === undefined ? [] : [`${how} (${library}${version === undefined ? '' : ` ${version}`})`];
}

/** The application has registered a provider of its own, and its tracing goes before ours. */
export function describeHandover(attachment: HandoverType): Line {
  return HANDOVERS[attachment];
}

const HANDOVERS: Readonly<Record<HandoverType, Line>> = {
  'existing-provider': {
    level: 'info',
    text: 'now part of the tracer provider that the application has registered',
  },
  'application-sends': {
    level: 'info',
    text: 'leaves it to the application, which has registered a tracer provider with an exporter of this package',
  },
  'closed-provider': {
    level: 'warn',
    text: `sends nothing from now on: the application has registered a tracer provider of its own, which keeps its tracing and takes no more span processors: ${ADD_IT}`,
  },
  refused: {
    level: 'warn',
    text: `the application has registered a tracer provider through another version of @opentelemetry/api, as in a bundle, which OpenTelemetry refuses: its own exporters get nothing. Use one version, or start ${packageName} after it: import it in the application and ${ADD_IT}`,
  },
};
