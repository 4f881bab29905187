// The least that turns a span of each form into an event that shows the conversation: content is spliced where the recording is
// JSON that may stand in the event as it is, else parsed, or put together, and serialised. Nothing else is mapped or checked.

const parsed = (text) => (text === undefined ? undefined : JSON.parse(text));

/** Puts flattened names back into messages. */
function unflattened(attributes, prefix) {
  const messages = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (!name.startsWith(prefix)) continue;
    const path = name.slice(prefix.length).split('.');
    let at = messages;
    for (const [index, segment] of path.entries()) {
      if (index === path.length - 1) at[segment] = value;
      else {
        at[segment] ??= /^\d/.test(path[index + 1]) ? [] : {};
        at = at[segment];
      }
    }
  }
  return messages;
}

/** Per form: the attribute that tells it, which others are content, and how that is read. */
const FORMS = [
  {
    mark: 'ai.prompt.messages',
    isContent: (name) => name.startsWith('ai.prompt.') || name.startsWith('ai.response.t'),
    read: (attributes) => ({
      $ai_input: JSON.parse(attributes['ai.prompt.messages']),
      $ai_output_choices: [
        {
          role: 'assistant',
          content: attributes['ai.response.text'],
          tool_calls: parsed(attributes['ai.response.toolCalls']),
        },
      ],
      $ai_tools: attributes['ai.prompt.tools'].map(parsed),
    }),
  },
  {
    mark: 'openinference.span.kind',
    isContent: (name) => /^(?:llm\.(?:input|output|tools)|input\.|output\.)/.test(name),
    read: (attributes) => ({
      $ai_input: unflattened(attributes, 'llm.input_messages.').map(({ message }) => message),
      $ai_output_choices: unflattened(attributes, 'llm.output_messages.').map(({ message }) => message),
      $ai_tools: unflattened(attributes, 'llm.tools.').map(({ tool }) => parsed(tool.json_schema)),
    }),
  },
  {
    mark: 'gen_ai.prompt.0.role',
    isContent: (name) => /^(?:gen_ai\.(?:prompt|completion)\.|llm\.request\.functions)/.test(name),
    read: (attributes) => ({
      $ai_input: unflattened(attributes, 'gen_ai.prompt.'),
      $ai_output_choices: unflattened(attributes, 'gen_ai.completion.'),
      $ai_tools: unflattened(attributes, 'llm.request.functions.'),
    }),
  },
  {
    mark: 'langfuse.observation.input',
    isContent: (name) => /^langfuse\.observation\.(?:in|out)put$/.test(name),
    read: (attributes) => {
      const { messages, tools } = JSON.parse(attributes['langfuse.observation.input']);
      const output = JSON.parse(attributes['langfuse.observation.output']);
      return { $ai_input: messages, $ai_output_choices: [output], $ai_tools: tools };
    },
  },
];

/** Recorded as JSON that is copied into the event. */
const SPLICED = {
  'gen_ai.input.messages': '$ai_input',
  'gen_ai.output.messages': '$ai_output_choices',
  'gen_ai.tool.definitions': '$ai_tools',
};

/** The event as JSON. */
export function eventJson(span) {
  const { attributes } = span;
  const { traceId, spanId } = span.spanContext();
  const form = FORMS.find(({ mark }) => mark in attributes);
  const properties = {
    $ai_trace_id: traceId,
    $ai_span_id: spanId,
    $ai_span_name: span.name,
    ...form?.read(attributes),
  };
  let spliced = '';
  for (const [name, value] of Object.entries(attributes)) {
    if (form?.isContent(name)) continue;
    if (name in SPLICED) spliced += `,"${SPLICED[name]}":${value}`;
    else properties[name] = value;
  }
  const timestamp = new Date(span.endTime[0] * 1000).toISOString();
  const head = JSON.stringify({ event: '$ai_generation', distinct_id: attributes['user.id'], timestamp });
  return `${head.slice(0, -1)},"properties":${JSON.stringify(properties).slice(0, -1)}${spliced}}}`;
}
