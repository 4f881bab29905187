import type { ContentRow } from './content-row.ts';
import { words } from './words.ts';

/**
 * Span attributes and metadata keys that are content by their convention. They reach an event when the user lists them
 * in `includeAttributes` or when an instrumentation copies them into custom metadata, at any depth. The first row that
 * takes a name decides.
 */
export const CONTENT_ATTRIBUTES: readonly ContentRow[] = [
  {
    names: words(`
      ai.request.headers* http.request.header* http.response.header* llm.headers* gen_ai.headers*
      langsmith.request.headers* rpc.request.metadata* rpc.response.metadata* *.headers
      headers request_headers response_headers requestHeaders responseHeaders
      authorization proxy-authorization cookie set-cookie x-api-key api-key api_key apiKey
    `),
    kind: 'headers',
    byDefault: 'removed',
    inPrivacyMode: 'removed',
    holds: 'HTTP headers, cookies and keys, wherever custom properties would carry them',
  },
  {
    names: words('url.full url.query http.url http.target gen_ai.openai.api_base openai.api_base'),
    kind: 'url',
    byDefault: 'url without credentials',
    inPrivacyMode: 'url without query',
    holds: 'Attributes that hold addresses',
  },
  {
    names: words(`
      gen_ai.prompt* gen_ai.input.messages* gen_ai.system_instructions* gen_ai.request.messages*
      gen_ai.retrieval.query* gen_ai.task.* gen_ai.guardrail.* gen_ai.response.revised_prompt
      ai.prompt* ai.input_messages*
      llm.input_messages* llm.prompts* llm.prompt_template.template llm.prompt_template.variables*
      input.value input.images* reranker.query reranker.input_*
      traceloop.entity.input traceloop.prompt.template traceloop.prompt.template_variables*
      langfuse.observation.input langfuse.trace.input langfuse.experiment.* langchain.chain.inputs
      gcp.vertex.agent.llm_request gcp.vertex.agent.tool_call_args gcp.vertex.agent.data
      genkit:input mlflow.spanInputs pydantic_ai.all_messages logfire.msg mcp.request.argument*
      langwatch.input langwatch.instructions langwatch.params langwatch.rag.contexts
      braintrust.input* braintrust.expected* braintrust.context_json
      lk.input_text lk.user_input lk.user_transcript lk.chat_ctx lk.agent_task.instructions
      lk.pii.* flue.task.prompt flue.workflow.payload db.query.* db.vector.query.* db.statement
      ai.decision.questions crewai.task.description haystack.pipeline.input_data braintrust.metadata
      gen_ai.input.text
      input inputs prompt prompts messages contents user_prompt system_prompt instructions request_data
      events all_messages_events body request_body response_body
    `),
    kind: 'input',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold prompts, queries, prompt templates and their variables',
  },
  {
    names: words(`
      gen_ai.completion* gen_ai.output.messages* gen_ai.response.text gen_ai.response.tool_calls*
      gen_ai.response.object gen_ai.choice* gen_ai.retrieval.documents*
      ai.response.text ai.response.toolCalls ai.response.object ai.response.reasoning*
      ai.response.files* ai.response.providerMetadata ai.responses*
      llm.output_messages* llm.choices* llm.completions* output.value output.images* reranker.output_*
      retrieval.documents* documents.* traceloop.entity.output
      langfuse.observation.output langfuse.trace.output langchain.chain.outputs
      gcp.vertex.agent.llm_response gcp.vertex.agent.tool_response genkit:output mlflow.spanOutputs
      langwatch.output braintrust.output* lk.response.* lk.function_tool.output mcp.response.value*
      ai.ranking ai.decision.answers haystack.pipeline.output_data langwatch.contexts
      flue.tool.result flue.task.result flue.operation.result flue.workflow.result
      output outputs completion completions choices candidates final_result response_data documents
    `),
    kind: 'output',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold completions and retrieved documents',
  },
  {
    names: words(`
      gen_ai.tool.definitions* gen_ai.tool.call.arguments* gen_ai.tool.call.result*
      gen_ai.tool.input gen_ai.tool.output gen_ai.tool.description gen_ai.request.available_tools
      gen_ai.request.tools* gen_ai.agent.description
      ai.toolCall.args ai.toolCall.result ai.toolCall.input ai.toolCall.output
      llm.tools* llm.request.functions* llm.function_call*
      tool.parameters tool.json_schema tool.description anthropic.tool_result.*
      lk.function_tools spring.ai.tool.call.*
      tool_arguments tool_response tool_input tool_output tool_parameters tools functions tool_definitions model_request_parameters
    `),
    kind: 'tools',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold tool schemas, arguments and results',
  },
  {
    names: words(`
      llm.invocation_parameters embedding.invocation_parameters gen_ai.request.stop_sequences*
      llm.chat.stop_sequences* ai.settings.stopSequences ai.settings.stop ai.schema*
      llm.request.structured_output_schema
      gen_ai.request.structured_output_schema gen_ai.request.extra_body gen_ai.request.extra_query
      langfuse.observation.model.parameters
      ls_invocation_params invocation_params ls_stop response_format json_schema
    `),
    kind: 'parameters',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold whole requests, stop sequences and output schemas',
  },
  {
    names: words(`
      embedding.embeddings* gen_ai.embeddings.input gen_ai.input.embedding ai.value ai.values* ai.embedding ai.embeddings*
    `),
    kind: 'embedding',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold texts to embed and their vectors',
  },
  {
    names: words(`
      exception.message exception.stacktrace
      error.message error.stack error.stacktrace error.details otel.status_description
      status.message langfuse.observation.status_message gen_ai.error.message mastra.log.*
      error_message stacktrace stack_trace
    `),
    kind: 'error',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold error texts and stack traces',
  },
  {
    names: words('error gen_ai.error'),
    kind: 'error',
    byDefault: 'filtered',
    inPrivacyMode: 'text removed',
    holds: 'Attributes that hold an error flag or an error text',
  },
  {
    names: words('gen_ai.evaluation.explanation *.explanation *.annotation.metadata'),
    kind: 'evaluation',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Attributes that hold the reasons of evaluations',
  },
  {
    names: words(`
      *.messages *.message *.content *.text *.prompt *.completion *.instructions *.system_prompt
      *.body *.payload *.input *.output *.inputs *.outputs *.input_data *.output_data *.arguments
      *.result *.results *.documents *.contexts *.transcript *.history *.query
      *.question *.questions *.answer *.answers
      *.tools *.functions *.response_format *.ls_invocation_params *.ls_stop *.stacktrace
    `),
    kind: 'input',
    byDefault: 'filtered',
    inPrivacyMode: 'text removed',
    holds: 'Attributes of any other instrumentation whose last word says that they hold content',
  },
];

/** Names that one of the patterns above would take although they hold counts, prices or plain names. */
export const NOT_CONTENT: readonly string[] = words(`
  gen_ai.prompt.name gen_ai.prompt.version gen_ai.prompt.id gen_ai.task.name gen_ai.task.id
  gen_ai.guardrail.name llm.token_count.* llm.cost.* gen_ai.usage.* gen_ai.cost.*
  ai.settings.output ai.schema.name
`);
