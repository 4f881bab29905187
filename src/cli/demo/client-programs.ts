import type { ClientName } from './client-names.ts';
import { GIFT_QUESTION, GIFT_TRACE, PRODUCT_TRACE, QUESTION, STOCK, SYSTEM, TOOL } from './conversation.ts';

/** A program that asks a model with a client of the application. */
export interface ClientProgram {
  /** What `--client` calls it. */
  readonly name: ClientName;
  /** Package of the client. */
  readonly client: string;
  /** Versions of the client that the program is for. Default: all. */
  readonly takes?: string;
  /** What it imports, by package. */
  readonly imports: Readonly<Record<string, string>>;
  /** Defines `advise`, which has two model calls with a tool between them, and `fail`, whose one call fails. */
  readonly text: string;
}

/** Model calls of each program that are answered; one more fails. */
export const ANSWERED_CALLS = 2;

const OPENAI = `
const client = new OpenAI({ maxRetries: 0 });
const parameters = { type: 'object', properties: { product: { type: 'string' } } };
const tools = [{ type: 'function', function: { name: tool, parameters } }];
const ask = (model, messages) =>
  client.chat.completions.create({ model, messages: [{ role: 'system', content: system }, ...messages], tools });
const advise = async () => {
  const user = { role: 'user', content: question };
  const { message } = (await ask('gpt-4o-mini', [user])).choices[0];
  const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: stock };
  await ask('gpt-4o-mini', [user, message, result]);
};
const fail = () => ask('gpt-4o-busy', [{ role: 'user', content: giftQuestion }]);
`;

const ANTHROPIC = `
const client = new Anthropic({ maxRetries: 0 });
const tools = [{ name: tool, input_schema: { type: 'object', properties: { product: { type: 'string' } } } }];
const ask = (model, messages) => client.messages.create({ model, max_tokens: 200, system, messages, tools });
const advise = async () => {
  const user = { role: 'user', content: question };
  const { content } = await ask('claude-sonnet-4-5', [user]);
  const result = { type: 'tool_result', tool_use_id: content[0].id, content: stock };
  await ask('claude-sonnet-4-5', [user, { role: 'assistant', content }, { role: 'user', content: [result] }]);
};
const fail = () => ask('claude-busy', [{ role: 'user', content: giftQuestion }]);
`;

const AI_SDK = '{ generateText, jsonSchema, tool as makeTool }';
const aiSdk = (provider: string, model: string, busy: string) => `
const model = ${provider};
const inputSchema = jsonSchema({ type: 'object', properties: { product: { type: 'string' } } });
const tools = { [tool]: makeTool({ inputSchema, execute: () => JSON.parse(stock) }) };
const stopWhen = ({ steps }) => steps.length > 1;
const ask = (name, prompt) => {
  const experimental_telemetry = { isEnabled: true };
  return generateText({ model: model(name), system, prompt, tools, stopWhen, maxRetries: 0, experimental_telemetry });
};
const advise = () => ask('${model}', question);
const fail = () => ask('${busy}', giftQuestion);
`;

/** The clients that zero code records and that a stand-in can answer; of two for one client the first that fits. */
export const CLIENT_PROGRAMS: readonly ClientProgram[] = [
  { name: 'openai', client: 'openai', takes: '>=4', imports: { openai: 'OpenAI' }, text: OPENAI },
  {
    name: 'anthropic',
    client: '@anthropic-ai/sdk',
    imports: { '@anthropic-ai/sdk': 'Anthropic' },
    text: ANTHROPIC,
  },
  {
    name: 'ai',
    client: 'ai',
    takes: '>=5',
    imports: { ai: AI_SDK, '@ai-sdk/openai': '{ createOpenAI }' },
    text: aiSdk('createOpenAI({ baseURL: process.env.OPENAI_BASE_URL }).chat', 'gpt-4o-mini', 'gpt-4o-busy'),
  },
  {
    name: 'ai',
    client: 'ai',
    takes: '>=5',
    imports: { ai: AI_SDK, '@ai-sdk/anthropic': '{ createAnthropic }' },
    text: aiSdk(
      "createAnthropic({ baseURL: process.env.ANTHROPIC_BASE_URL + '/v1' })",
      'claude-sonnet-4-5',
      'claude-busy',
    ),
  },
];

/**
 * The whole text of an ES module, which is run in the folder of the application.
 * @param packageUrl entry of this package, which the application need not have installed
 */
export function moduleText({ imports, text }: ClientProgram, packageUrl: string): string {
  const constants = {
    system: SYSTEM,
    question: QUESTION,
    giftQuestion: GIFT_QUESTION,
    tool: TOOL,
    stock: STOCK,
  };
  const all = { ...imports, [packageUrl]: '{ withTrace }' };
  return `${Object.entries(all)
    .map(([from, names]) => `import ${names} from ${JSON.stringify(from)};`)
    .join('\n')}
${Object.entries(constants)
  .map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`)
  .join('\n')}
${text}
await withTrace(${JSON.stringify(PRODUCT_TRACE)}, advise);
await withTrace(${JSON.stringify(GIFT_TRACE)}, fail).catch(() => {});
`;
}
