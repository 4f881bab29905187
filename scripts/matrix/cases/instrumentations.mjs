// Which instrumentation records which client on which Node: real clients against stand-ins of the models, started without code.
import { CHAT_COMPLETION } from '../chat-completion.mjs';
import { NODE } from '../versions.mjs';

const API = '@opentelemetry/api@^1.9.0';
const STAND_IN = (answer) => `
import { createServer } from 'node:http';
const model = createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(${JSON.stringify(JSON.stringify(answer))}));
});
await new Promise((resolve) => model.listen(0, '127.0.0.1', resolve));
const url = 'http://127.0.0.1:' + model.address().port;
const end = () => {
  model.close();
  model.closeAllConnections();
};
`;
const CHAT = STAND_IN(CHAT_COMPLETION);
const MESSAGE = STAND_IN({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  content: [{ type: 'text', text: 'Hi.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 2 },
});

/** One call of the package `openai`. */
export const OPENAI = `import OpenAI from 'openai';${CHAT}
const client = new OpenAI({ apiKey: 'none', baseURL: url + '/v1' });
await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello?' }] });
end();
`;
const ANTHROPIC = `import Anthropic from '@anthropic-ai/sdk';${MESSAGE}
const client = new Anthropic({ apiKey: 'none', baseURL: url });
await client.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hello?' }] });
end();
`;
const AI_SDK = `import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
${CHAT}
const model4o = createOpenAI({ apiKey: 'none', baseURL: url + '/v1' }).chat('gpt-4o-mini');
await generateText({ model: model4o, prompt: 'Hello?', experimental_telemetry: { isEnabled: true } });
end();
`;

export const NODES = [NODE.newest20, NODE.newest22, NODE.newest24, NODE.newest26];
const NEWER = NODES.slice(1);
const ARIZE = '@arizeai/openinference-instrumentation';

/** `records`: the packages that do; `on`: the Nodes that the client or its instrumentation runs on. */
export const ROWS = [
  ...['5', '6', '7'].map((major) => ({
    client: 'openai',
    major,
    records: [`${ARIZE}-openai@latest`],
    app: OPENAI,
    on: major === '7' ? NEWER : NODES,
  })),
  ...['5', '6'].map((major) => ({
    client: 'openai',
    major,
    records: ['@opentelemetry/instrumentation-openai@~0.21.0'],
    app: OPENAI,
  })),
  { client: 'openai', major: '6', records: ['@traceloop/instrumentation-openai@latest'], app: OPENAI },
  ...[`${ARIZE}-anthropic@latest`, '@traceloop/instrumentation-anthropic@latest'].map((name) => ({
    client: '@anthropic-ai/sdk',
    major: '1',
    records: [name],
    app: ANTHROPIC,
  })),
  { client: 'ai', major: '5', records: [], with: ['@ai-sdk/openai@^2'], app: AI_SDK },
  { client: 'ai', major: '6', records: [], with: ['@ai-sdk/openai@^3'], app: AI_SDK },
  {
    client: 'ai',
    major: '7',
    records: ['@ai-sdk/otel@latest'],
    with: ['@ai-sdk/openai@latest'],
    app: AI_SDK,
    on: NEWER,
  },
];

/** An application with the client of a row, and one call of it in `app.mjs`. */
export function applicationOf(row, { project }) {
  const { client, major, records, app, with: others = [] } = row;
  return project({
    name: `recorded-${ROWS.indexOf(row)}`,
    packages: [API, `${client}@^${major}`, ...records, ...others],
    files: { 'app.mjs': app },
  });
}

export const cases = ROWS.flatMap((row) =>
  (row.on ?? NODES).map((version) => ({
    group: 'Client, recorded by',
    row: `\`${row.client}\` ${row.major}, ${row.records.map((spec) => `\`${spec.slice(0, spec.lastIndexOf('@'))}\``).join(' and ') || 'its own telemetry'}`,
    column: version,
    async run(tools) {
      const cwd = await applicationOf(row, tools);
      const command = [
        await tools.node(version),
        '--no-warnings',
        '--import',
        'posthog-llm-exporter/register',
        'app.mjs',
      ];
      await tools.send(command, { cwd, calls: 1 });
    },
  })),
);
