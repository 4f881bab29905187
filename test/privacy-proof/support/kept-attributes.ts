/**
 * What in a recording is no content: settings, names, ids, figures and the application's own metadata, which privacy
 * mode sends as usual. Written by looking at the recordings, not at the table of the stage that is tested; everything
 * that is not listed here gets a secret.
 */
const KEPT_ATTRIBUTES: readonly RegExp[] = [
  // Who and what: models, providers, operations, kinds, names.
  /^(?:name|operation\.name|resource\.name|agent\.name|tool\.name|openinference\.span\.kind)$/,
  /(?:^|\.)(?:model|model_name|model_id|model\.id|model\.name|model\.provider|provider|provider\.name|system)$/,
  /^gen_ai\.(?:operation|agent|function|pipeline|tool)[._](?:name|id|type)$|^gen_ai\.tool\.call\.id$/,
  /^gen_ai\.(?:system|output\.type|pipeline\.name|conversation\.id|function_id)$/,
  /^gen_ai\.request\.(?:type|thinking_type|image\.size|reasoning_effort|reasoning\.level)$/,
  /^gen_ai\.response\.(?:id|finish_reasons|stop_reason|service_tier|system_fingerprint)$/,
  /^gen_ai\.event\./,
  /^llm\.(?:request\.type|finish_reason|stop_reason|prompt_template\.version|request\.thinking\.type)$/,
  /\.(?:role|finish_reason|tool_call_id|tool_call\.id|function\.name|message_content\.type|mime_type|media_type)$/,
  /\.(?:tool_calls\.\d+|functions\.\d+)\.(?:name|id)$|image\.type$|document\.id$/,
  /^ai\.(?:operationId|telemetry\..*|settings\..*|prompt\.format|prompt\.toolChoice|schema\.name|sdk\.version)$/,
  /^ai\.(?:response\.(?:id|finishReason|timestamp)|toolCall\.(?:id|name)|pipeline\.name)$/,
  /^anthropic\.(?!tool_result)/,
  /^genkit:(?!input|output)/,
  /^langchain\.chain\.name$|^graph\.node\.|^agent_loop\.|^tool_call\.id$/,
  /^langfuse\.(?:environment|release|version|internal\..*|trace\.(?:name|tags))$/,
  /^langfuse\.observation\.(?:completion_start_time|cost_details|level|type|usage_details|prompt\.(?:name|version))$/,
  /^langsmith\.(?:span|trace|request\.streaming|traceable|usage_metadata)/,
  /^mastra\.(?:span\.type|tags|completion_start_time|traceId|spanId)$/,
  /^mastra\.workflow_(?:run|step)\.(?:status|step_id)$|^mastra\.log\.(?:modelId|provider|runId)$/,
  /^gcp\.vertex\.agent\.\w+_id$|^tanstack\.|^sentry\.|^rpc\.|^aws\.|^cloud\.|^network\./,
  /^traceloop\.(?:entity\.(?:name|path|version)|span\.kind|workflow\.name)$/,
  // Identity and the application's own metadata.
  /^(?:user|session)\.id$|^metadata$|^tag\.tags$|^trace\./,
  /^metadata\.(?!gen_ai\.system_instructions)|^traceloop\.association\.properties\./,
  /^langfuse\.(?:trace|observation)\.metadata\.(?!tools$|response_format$)/,
  /^langsmith\.metadata\.(?!ls_invocation_params$|ls_stop$)/,
  /^mastra\.metadata\.(?!body$|headers$)/,
  // The transport around a call, figures written as text.
  /^(?:http|server|error)\.(?!message)/,
  /^url\.(?:path|scheme|query)$|^user_agent\.|^input\.mime_type$|^output\.mime_type$/,
  /_tokens?$|_token_details$|\.usage\./,
  // Events and log records.
  /^exception\.type$|^event\.name$|^finish_reason$|^db\.query\.result\.(?:id|score|distance)$/,
];

/** Attributes of which no part leaves in any mode. */
const NEVER_SENT: readonly RegExp[] = [/^ai\.request\.headers\./, /^mastra\.metadata\.headers$/];

export function isKept(attribute: string): boolean {
  return KEPT_ATTRIBUTES.some((pattern) => pattern.test(attribute));
}

export function isNeverSent(attribute: string): boolean {
  return NEVER_SENT.some((pattern) => pattern.test(attribute));
}

/** Members of JSON inside content that hold a message or tool together, or name a model, a tool or a call. */
const STRUCTURE =
  /^(?:role|type|kind|object|status|state|level|lc|model|modelId|modelVersion|model_name|provider|toolName|tool_name|agentName|finish_?reasons?|finishReason|stop_?reason|stopReason|mime_?[tT]ype|media_?[tT]ype|format|encoding_format|tool_choice|toolChoice|service_tier|system_fingerprint|\$schema|metadata|usage\w*|versions?|call_type|user|sessionId|session_id)$|(?:^|_)ids?$|I[dD]s?$/;

/** Beside one of these a `name` names a tool or a speaker. */
const BESIDE_TOOL_NAME = [
  ...[
    'arguments',
    'args',
    'parameters',
    'input_schema',
    'inputSchema',
    'schema',
    'json_schema',
    'jsonSchema',
  ],
  ...[
    'description',
    'input',
    'response',
    'role',
    'id',
    'type',
    'strict',
    'toolUseId',
    'tool_call_id',
    'content',
  ],
];

/** Whether a member of JSON inside content must stay for the rest to be understood. */
export function isStructure(member: string, holder: object): boolean {
  if (member !== 'name') return STRUCTURE.test(member);
  return BESIDE_TOOL_NAME.some((sibling) => Object.hasOwn(holder, sibling));
}

/** Settings with a vocabulary of their own, of which a single word is sent; a secret among them is never one word. */
export function isSetting(place: string): boolean {
  return /\.(?:reasoning_effort|effort|summary|verbosity|truncation|response_format)$/.test(place);
}

/** Members whose objects have keys that are content themselves. */
export function hasFreeKeys(member: string): boolean {
  return /^(?:arguments|args|kwargs|variables|response|result|output|temp|tool_call_args)$/.test(member);
}
