import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, firstChoice, ofSpan, own, ownAttribute } from './shared/sources.ts';
import { oneOf, toCount, toText } from './shared/values.ts';

/**
 * Microsoft's agent stacks beside Semantic Kernel: Agent Framework (Python and .NET, with
 * Microsoft.Extensions.AI), AutoGen, and the Azure AI SDKs. The names are OpenTelemetry's. An agent's usage
 * sums up its chats, so only `chat` counts; runs of the Azure agent service, whose model calls happen
 * elsewhere, are the exception.
 * Sources: `microsoft/agent-framework` (observability.py), `Azure/azure-sdk-for-python` (azure-ai-inference,
 * -projects).
 */
export const agentFramework: Dialect = {
  id: 'agent-framework',
  title: 'Microsoft Agent Framework, AutoGen, Azure AI',
  detect: {
    scopes: [
      'agent_framework*',
      'Microsoft.Agents.AI*',
      'Experimental.Microsoft.*',
      'autogen-core',
      'azure.ai.inference*',
      'azure.ai.agents*',
      'azure.ai.projects*',
    ],
  },
  correctKind: hostedRun,
  fields: {
    framework: [own(ofSpan('scope', ({ scope }) => frameworkOfScope(scope.name)))],
    kind: [
      kindByName({
        'workflow.run*': 'workflow',
        'executor.process*': 'step',
        'invoke_agent *': 'agent',
        'execute_tool *': 'tool',
        orchestrate_tools: 'step',
        'orchestrate_tools *': 'step',
      }),
    ],
    provider: [firstChoice(own(attribute('gen_ai.system', oneOf({ 'az.ai.agents': 'azure.ai.agents' }))))],
    // Previews of Microsoft.Extensions.AI.
    inputTokens: [ownAttribute('gen_ai.response.input_tokens', toCount)],
    outputTokens: [ownAttribute('gen_ai.response.output_tokens', toCount)],
    sessionId: [ownAttribute('gen_ai.thread.id', toText)],
    agentName: [ownAttribute('agent.name', toText)],
    workflowName: [ownAttribute('workflow.name', toText)],
  },
};

/** The Azure SDKs are clients of a service, no framework. */
function frameworkOfScope(name: string): string | undefined {
  if (name.startsWith('autogen')) return 'autogen';
  return name.startsWith('agent_framework') || name.startsWith('Microsoft.Agents.AI')
    ? 'agent-framework'
    : undefined;
}

const RUN_OPERATIONS: ReadonlySet<unknown> = new Set(['process_thread_run', 'start_thread_run']);

function hostedRun(context: KindContext): KindCorrection | undefined {
  if (!RUN_OPERATIONS.has(context.span.attributes['gen_ai.operation.name'])) return undefined;
  if (context.get('inputTokens') === undefined && context.get('outputTokens') === undefined) return undefined;
  return {
    kind: 'generation',
    because: 'the service ran the model itself, and this span alone has the usage',
  };
}
