// One model call in the form that each instrumentation records it in, made from the attributes of the GenAI conventions.
import { END_MARK } from './end-mark.mjs';

const textsOf = (parts) =>
  parts
    .filter(({ type }) => type === 'text')
    .map(({ content }) => content)
    .join('');
const callsOf = (parts) => parts.filter(({ type }) => type === 'tool_call');

function openAIMessage({ role, parts }) {
  const result = parts.find(({ type }) => type === 'tool_call_response');
  const calls = callsOf(parts).map(({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }));
  return {
    role,
    content: result ? result.response : textsOf(parts),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...(result ? { tool_call_id: result.id } : {}),
  };
}

const AI_SDK_PARTS = {
  text: ({ content }) => ({ type: 'text', text: content }),
  tool_call: ({ id, name, arguments: input }) => ({
    type: 'tool-call',
    toolCallId: id,
    toolName: name,
    input,
  }),
  tool_call_response: ({ id, response }) => ({
    type: 'tool-result',
    toolCallId: id,
    toolName: 'search_orders',
    output: { type: 'text', value: response },
  }),
};

function aiSdkMessage({ role, parts }) {
  return {
    role,
    content: role === 'system' ? textsOf(parts) : parts.map((part) => AI_SDK_PARTS[part.type](part)),
  };
}

/** What every form needs of the attributes. */
function factsOf(attributes) {
  return {
    input: JSON.parse(attributes['gen_ai.input.messages']),
    output: JSON.parse(attributes['gen_ai.output.messages']),
    tools: JSON.parse(attributes['gen_ai.tool.definitions'] ?? '[]'),
    model: attributes['gen_ai.response.model'],
    inputTokens: attributes['gen_ai.usage.input_tokens'],
    outputTokens: attributes['gen_ai.usage.output_tokens'],
    user: attributes['user.id'],
    id: attributes['gen_ai.response.id'],
  };
}

function aiSdk(attributes) {
  const { input, output, tools, model, inputTokens, outputTokens, user, id } = factsOf(attributes);
  const [answer] = output;
  const calls = callsOf(answer.parts).map(({ id: toolCallId, name: toolName, arguments: args }) => ({
    toolCallId,
    toolName,
    input: args,
  }));
  return {
    'operation.name': 'ai.generateText.doGenerate',
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.model.provider': 'openai.chat',
    'ai.model.id': 'gpt-5-mini',
    'ai.settings.maxRetries': 2,
    'ai.telemetry.metadata.userId': user,
    'ai.prompt.messages': JSON.stringify(input.map(aiSdkMessage)),
    'ai.prompt.tools': tools.map(({ name, description, parameters }) =>
      JSON.stringify({ type: 'function', name, description, inputSchema: parameters }),
    ),
    'ai.prompt.toolChoice': JSON.stringify({ type: 'auto' }),
    'ai.response.finishReason': calls.length > 0 ? 'tool-calls' : 'stop',
    'ai.response.text': textsOf(answer.parts),
    ...(calls.length > 0 ? { 'ai.response.toolCalls': JSON.stringify(calls) } : {}),
    'ai.response.id': id,
    'ai.response.model': model,
    'ai.usage.inputTokens': inputTokens,
    'ai.usage.outputTokens': outputTokens,
    'gen_ai.system': 'openai.chat',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
  };
}

/** Each leaf under a name of its own; what is not there has none. */
function flattened(prefix, root) {
  const names = {};
  const note = (name, value) => {
    if (typeof value === 'object')
      for (const [key, member] of Object.entries(value)) note(`${name}.${key}`, member);
    else if (value !== undefined) names[name] = value;
  };
  note(prefix, root);
  return names;
}

function openInferenceMessage(message) {
  const { role, content, tool_calls: calls, tool_call_id: answered } = openAIMessage(message);
  const wrapped = calls?.map(({ id, function: of }) => ({ tool_call: { id, function: of } }));
  return { message: { role, content, tool_calls: wrapped, tool_call_id: answered } };
}

/** Each part of each message is an attribute of its own; the whole request and answer stand beside them. */
function openInference(attributes) {
  const { input, output, tools, model, inputTokens, outputTokens, user, id } = factsOf(attributes);
  const choices = [{ index: 0, message: openAIMessage(output[0]), finish_reason: 'stop' }];
  return {
    'openinference.span.kind': 'LLM',
    'llm.provider': 'openai',
    'llm.system': 'openai',
    'llm.model_name': model,
    'llm.invocation_parameters': JSON.stringify({ model: 'gpt-5-mini', temperature: 0.7 }),
    'input.value': JSON.stringify({ model: 'gpt-5-mini', messages: input.map(openAIMessage) }),
    'input.mime_type': 'application/json',
    // The mark stands once in a span.
    'output.value': JSON.stringify({ id, choices }).replaceAll(END_MARK, ''),
    'output.mime_type': 'application/json',
    'llm.token_count.prompt': inputTokens,
    'llm.token_count.completion': outputTokens,
    'session.id': attributes['gen_ai.conversation.id'],
    'user.id': user,
    ...flattened('llm.input_messages', input.map(openInferenceMessage)),
    ...flattened('llm.output_messages', output.map(openInferenceMessage)),
    ...flattened(
      'llm.tools',
      tools.map((tool) => ({ tool: { json_schema: JSON.stringify({ type: 'function', function: tool }) } })),
    ),
  };
}

function traceloopMessage(message) {
  const { role, content, tool_calls: calls } = openAIMessage(message);
  return { role, content, tool_calls: calls?.map(({ id, function: of }) => ({ id, ...of })) };
}

function traceloop(attributes) {
  const { input, output, tools, ...facts } = factsOf(attributes);
  return {
    ...traceloopFacts(facts),
    ...flattened('gen_ai.prompt', input.map(traceloopMessage)),
    ...flattened('gen_ai.completion', output.map(traceloopMessage)),
    ...flattened(
      'llm.request.functions',
      tools.map(({ name, description, parameters }) => ({
        name,
        description,
        parameters: JSON.stringify(parameters),
      })),
    ),
  };
}

function traceloopFacts({ model, inputTokens, outputTokens, user, id }) {
  return {
    'gen_ai.system': 'openai',
    'llm.request.type': 'chat',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.model': model,
    'gen_ai.response.id': id,
    'gen_ai.usage.prompt_tokens': inputTokens,
    'gen_ai.usage.completion_tokens': outputTokens,
    'llm.usage.total_tokens': inputTokens + outputTokens,
    'traceloop.association.properties.user_id': user,
    'traceloop.workflow.name': 'support',
  };
}

/** As its newer versions write it: messages as JSON. */
function traceloopJson(attributes) {
  return {
    ...traceloopFacts(factsOf(attributes)),
    'gen_ai.input.messages': attributes['gen_ai.input.messages'],
    'gen_ai.output.messages': attributes['gen_ai.output.messages'],
    ...(attributes['gen_ai.tool.definitions']
      ? { 'gen_ai.tool.definitions': attributes['gen_ai.tool.definitions'] }
      : {}),
  };
}

function langfuse(attributes) {
  const { input, output, tools, model, inputTokens, outputTokens, user } = factsOf(attributes);
  return {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.model.name': model,
    'langfuse.observation.model.parameters': JSON.stringify({ temperature: 0.7 }),
    'langfuse.observation.input': JSON.stringify({
      messages: input.map(openAIMessage),
      tools: tools.map((tool) => ({ type: 'function', function: tool })),
    }),
    'langfuse.observation.output': JSON.stringify(openAIMessage(output[0])),
    'langfuse.observation.usage_details': JSON.stringify({ input: inputTokens, output: outputTokens }),
    'user.id': user,
    'session.id': attributes['gen_ai.conversation.id'],
  };
}

/** Name of the scope, and the attributes; the name of the span where its dialect is known by it. */
export const FORMS = {
  'gen-ai': { scope: 'bench.ai', name: 'chat gpt-5-mini', write: (attributes) => attributes },
  aisdk: { scope: 'ai', name: 'ai.generateText.doGenerate', write: aiSdk },
  openinference: {
    scope: '@arizeai/openinference-instrumentation-openai',
    name: 'OpenAI Chat Completions',
    write: openInference,
  },
  traceloop: { scope: '@traceloop/instrumentation-openai', name: 'openai.chat', write: traceloop },
  'traceloop-json': { scope: '@traceloop/instrumentation-openai', name: 'openai.chat', write: traceloopJson },
  langfuse: { scope: 'langfuse-sdk', name: 'OpenAI-generation', write: langfuse },
};
