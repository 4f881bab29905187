import type { CallKind } from '../call/llm-call.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { attribute, lastResort, structured } from './shared/sources.ts';
import { toContent, toText } from './shared/values.ts';

/**
 * CrewAI as OpenLLMetry's Python instrumentation records it: crew, agents and tasks with the whole state of the Python
 * objects in `crewai.*`, and one span per call of a model. (OpenInference's CrewAI spans are OpenInference's.)
 */
export const crewai: Dialect = {
  id: 'crewai',
  title: 'CrewAI (OpenLLMetry)',
  framework: 'crewai',
  detect: {
    scopes: ['opentelemetry.instrumentation.crewai'],
    prefixes: ['crewai.', 'gen_ai.crewai.'],
  },
  fields: {
    agentName: [attribute('crewai.agent.role', toText), attribute('crewai.task.agent', toText)],
    inputState: [
      structured('crewai.crew.inputs', toContent),
      structured('crewai.task.description', toContent),
    ],
    outputState: [lastResort(structured('crewai.crew.result', toContent))],
  },
  correctKind: kindBySpanName,
};

const KIND_BY_ENDING: readonly (readonly [ending: string, kind: CallKind])[] = [
  ['crewai.workflow', 'workflow'],
  ['.agent', 'agent'],
  ['.task', 'task'],
  ['.llm', 'generation'],
];

/**
 * Newer releases write `invoke_agent` on crew, agent and task alike, older ones no operation at all. Usage counts on the
 * model call alone: the agent's is a running total, and `crewai.crew.token_usage` the sum.
 */
function kindBySpanName({ span }: KindContext): KindCorrection | undefined {
  if (span.scope.name !== 'opentelemetry.instrumentation.crewai') return undefined;
  const kind = KIND_BY_ENDING.find(([ending]) => span.name.endsWith(ending))?.[1];
  return kind && { kind, because: `CrewAI's span names end in what they are` };
}
