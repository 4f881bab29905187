import type { Check, Finding } from './report.ts';

/** Something that an instrumentation records wrongly or not at all, so that no reader of its spans can tell. */
export interface Exception {
  readonly recordings: RegExp;
  readonly checks: readonly Check[];
  /** What the instrumentation does. */
  readonly reason: string;
}

/** Every exception must be needed by a recording; one that is not is reported as well. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    recordings:
      /^(?:langfuse\/manual-(?:generation|embedding-event)|langsmith-otel\/traceable-manual-llm|openinference-openai\/core-trace-llm-retriever|traceloop-sdk\/manual-llm-call)$/,
    checks: ['every event has a call'],
    reason: 'The application records a call by hand that it made to no server.',
  },
  {
    recordings: /^langsmith-otel\/traceable-over-langchain-/,
    checks: ['every call has one event'],
    reason: 'LangChain runs below a traceable function leave no span in this mode of LangSmith.',
  },
  {
    recordings: /^langsmith-otel\/.*tool-loop/,
    checks: ['input said once', 'nothing foreign in input'],
    reason:
      'The request is written down when the run has ended, with the messages that the application added to the same array since.',
  },
  {
    recordings: /^otel-instrumentation-openai\/(?:chat-error-midstream|responses-stream-error-429)$/,
    checks: ['every call has one event'],
    reason: 'A stream that breaks never ends its span; only log records arrive.',
  },
  {
    recordings: /^vercel-ai-v[56]\/stream-text-abort$/,
    checks: ['every call has one event'],
    reason: 'An aborted stream ends only the root span, which looks like that of a call that was never made.',
  },
  {
    recordings: /^mastra-otel-bridge\/agent-(?:generate|stream)-tool-loop$/,
    checks: ['every call has one event', 'input tokens', 'output tokens', 'no invented tokens'],
    reason:
      'The span with operation chat stands for the whole loop and holds the sum; the single calls have no tokens.',
  },
  {
    recordings: /^mastra-otel-/,
    checks: ['streaming'],
    reason: 'Mastra streams inside also where the provider does not, and notes when that began.',
  },
  {
    recordings: /^mastra-otel-.*\/agent-generate-tool-loop$/,
    checks: ['time to first token'],
    reason: 'The second call of a loop is given the time of the first, before its own start.',
  },
  {
    recordings: /^mastra-otel-(?:exporter|langfuse)\/agent-generate-tool-loop$/,
    checks: ['nothing foreign in input'],
    reason: 'The step around the call, which alone has its messages, says in words that a tool was run.',
  },
  {
    recordings:
      /^(?:langfuse\/openai-chat-tool-loop-in-app-span|traceloop-anthropic\/messages-stream-abandoned)$/,
    checks: ['parent'],
    reason: 'The parent is never exported, and looks like one that has not ended yet.',
  },
  {
    recordings: /^traceloop-openai\/chat-stream-no-usage\.nocontent$/,
    checks: ['input tokens', 'output tokens', 'no invented tokens'],
    reason: 'Counts of a stream are estimated with js-tiktoken, and nothing on the span says so.',
  },
  {
    recordings: /^tanstack-ai\/chat-image$/,
    checks: ['nothing foreign in input'],
    reason: 'Images are replaced by the text [image].',
  },
  {
    recordings: /^sentry-node-v10\/google-generate-thinking$/,
    checks: ['output reasoning'],
    reason: 'Thoughts and answer are joined into one text.',
  },
  {
    recordings: /^genkit\/prompt$/,
    checks: ['content of wrapper'],
    reason: 'The answer of a prompt has the request inside, which stands on the call below.',
  },
  {
    recordings: /^openinference-openai\/chat-tool-call\.masked$/,
    checks: ['tools offered'],
    reason:
      'The application hides inputs; the tools that remain in the invocation parameters are inputs too.',
  },
];

export interface Judged {
  readonly failures: readonly Finding[];
  readonly excused: ReadonlyMap<Exception, readonly Finding[]>;
  readonly unused: readonly Exception[];
}

/** Sorts wrong findings into failures and what is excused. */
export function judge(findings: readonly Finding[], exceptions: readonly Exception[] = EXCEPTIONS): Judged {
  const excused = new Map<Exception, Finding[]>();
  const failures: Finding[] = [];
  for (const finding of findings) {
    if (finding.isRight) continue;
    const exception = exceptions.find(
      ({ recordings, checks }) => recordings.test(finding.recording) && checks.includes(finding.check),
    );
    if (exception) excused.set(exception, [...(excused.get(exception) ?? []), finding]);
    else failures.push(finding);
  }
  return { failures, excused, unused: exceptions.filter((exception) => !excused.has(exception)) };
}
