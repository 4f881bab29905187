/**
 * Where a name of OpenTelemetry's GenAI conventions is read: as an attribute of a span by the dialects, or as (part of)
 * a span event or log record. Any other text is the reason why it is not read.
 */
export type GenAiNameUse = 'attribute' | 'event' | NotRead;

interface NotRead {
  readonly notRead: string;
}

const NO_PROPERTY = 'PostHog has no property for it; `metadata` takes it where an application wants it';

/**
 * Every name that OpenTelemetry's conventions for GenAI, MCP, OpenAI and Amazon Bedrock have had, the old ones too.
 *
 * They stand here and not in `@opentelemetry/semantic-conventions`, which has the stable names that we use: the
 * conventions for GenAI have moved to a repository of their own, and the package marks all of these as deprecated.
 * `test/translate/dialects/gen-ai-names.test.ts` compares the table with the locked version of the package and with the dialects,
 * `npm run check:semconv` with the newest version.
 */
export const GEN_AI_NAMES = {
  'aws.bedrock.guardrail.id': { notRead: NO_PROPERTY },
  'aws.bedrock.knowledge_base.id': { notRead: NO_PROPERTY },
  'gen_ai.agent.description': { notRead: 'repeats a constant text of the application on every span' },
  'gen_ai.agent.id': { notRead: NO_PROPERTY },
  'gen_ai.agent.name': 'attribute',
  'gen_ai.agent.version': { notRead: NO_PROPERTY },
  'gen_ai.assistant.message': 'event',
  'gen_ai.choice': 'event',
  'gen_ai.client.inference.operation.details': 'event',
  'gen_ai.client.operation.exception': 'event',
  'gen_ai.completion': 'attribute',
  'gen_ai.conversation.id': 'attribute',
  'gen_ai.data_source.id': { notRead: NO_PROPERTY },
  'gen_ai.embeddings.dimension.count': 'attribute',
  'gen_ai.evaluation.explanation': 'event',
  'gen_ai.evaluation.name': 'event',
  'gen_ai.evaluation.result': 'event',
  'gen_ai.evaluation.score.label': 'event',
  'gen_ai.evaluation.score.value': 'event',
  'gen_ai.input.messages': 'attribute',
  'gen_ai.openai.request.response_format': 'attribute',
  'gen_ai.openai.request.seed': 'attribute',
  'gen_ai.openai.request.service_tier': 'attribute',
  'gen_ai.openai.response.service_tier': 'attribute',
  'gen_ai.openai.response.system_fingerprint': { notRead: NO_PROPERTY },
  'gen_ai.operation.name': 'attribute',
  'gen_ai.output.messages': 'attribute',
  'gen_ai.output.type': 'attribute',
  'gen_ai.prompt': 'attribute',
  'gen_ai.prompt.name': 'attribute',
  'gen_ai.provider.name': 'attribute',
  'gen_ai.request.choice.count': 'attribute',
  'gen_ai.request.encoding_formats': 'attribute',
  'gen_ai.request.frequency_penalty': 'attribute',
  'gen_ai.request.max_tokens': 'attribute',
  'gen_ai.request.model': 'attribute',
  'gen_ai.request.presence_penalty': 'attribute',
  'gen_ai.request.seed': 'attribute',
  'gen_ai.request.stop_sequences': 'attribute',
  'gen_ai.request.stream': 'attribute',
  'gen_ai.request.temperature': 'attribute',
  'gen_ai.request.top_k': 'attribute',
  'gen_ai.request.top_p': 'attribute',
  'gen_ai.response.finish_reasons': 'attribute',
  'gen_ai.response.id': 'attribute',
  'gen_ai.response.model': 'attribute',
  'gen_ai.response.time_to_first_chunk': 'attribute',
  'gen_ai.retrieval.documents': 'attribute',
  'gen_ai.retrieval.query.text': 'attribute',
  'gen_ai.system': 'attribute',
  'gen_ai.system.message': 'event',
  'gen_ai.system_instructions': 'attribute',
  'gen_ai.token.type': { notRead: 'an attribute of metrics only' },
  'gen_ai.tool.call.arguments': 'attribute',
  'gen_ai.tool.call.id': 'attribute',
  'gen_ai.tool.call.result': 'attribute',
  'gen_ai.tool.definitions': 'attribute',
  'gen_ai.tool.description': { notRead: 'repeats a constant text of the application on every span' },
  'gen_ai.tool.message': 'event',
  'gen_ai.tool.name': 'attribute',
  'gen_ai.tool.type': { notRead: NO_PROPERTY },
  'gen_ai.usage.cache_creation.input_tokens': 'attribute',
  'gen_ai.usage.cache_read.input_tokens': 'attribute',
  'gen_ai.usage.completion_tokens': 'attribute',
  'gen_ai.usage.input_tokens': 'attribute',
  'gen_ai.usage.output_tokens': 'attribute',
  'gen_ai.usage.prompt_tokens': 'attribute',
  'gen_ai.usage.reasoning.output_tokens': 'attribute',
  'gen_ai.user.message': 'event',
  'gen_ai.workflow.name': 'attribute',
  'mcp.method.name': { notRead: 'a tool call is known by `gen_ai.operation.name`, which its span must have' },
  'mcp.protocol.version': { notRead: NO_PROPERTY },
  'mcp.resource.uri': { notRead: NO_PROPERTY },
  'mcp.session.id': { notRead: 'the connection to a server, not the conversation of a user' },
  'openai.api.type': { notRead: NO_PROPERTY },
  'openai.request.service_tier': 'attribute',
  'openai.response.service_tier': 'attribute',
  'openai.response.system_fingerprint': { notRead: NO_PROPERTY },
} as const satisfies Readonly<Record<string, GenAiNameUse>>;

export type GenAiName = keyof typeof GEN_AI_NAMES;
