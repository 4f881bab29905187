import { describe, expect, it } from 'vitest';
import { applyPrivacy } from '../../../src/translate/privacy/apply-privacy.ts';
import { contentRowOf } from '../../../src/translate/privacy/content-index.ts';
import {
  CONTENT_KINDS,
  TREATMENT_WORDS,
  type Treatment,
} from '../../../src/translate/privacy/content-row.ts';
import { contentTable } from '../../../src/translate/privacy/content-table.ts';
import { eventWith } from './support/calls.ts';

/** A property name of each pattern of the table. */
function nameOf(pattern: string): string {
  return pattern.replace(/^\*/, 'acme.chat').replace(/\*$/, '.0.content');
}

const ROWS = contentTable().flatMap((row) =>
  row.names.map((pattern) => ({ ...row, pattern, name: nameOf(pattern) })),
);

/** A value, and what each treatment makes of it. */
const EXAMPLES: Readonly<Record<Treatment, readonly [value: unknown, treated: unknown]>> = {
  sent: ['any text', 'any text'],
  filtered: ['any text', 'ANY TEXT'],
  removed: ['any text', undefined],
  'text removed': ['any text', undefined],
  'names only': [
    [{ type: 'function', function: { name: 'f', description: 'secret', parameters: {} } }],
    [{ type: 'function', function: { name: 'f' } }],
  ],
  'single word': ['several words', undefined],
  'known settings': [{ temperature: 1, stop: ['secret'] }, { temperature: 1 }],
  'name not quoting': ['several\nlines', 'generation'],
  'name not a phrase': ['several\nlines', undefined],
  'without spaces': ['what the model said', undefined],
  'url without credentials': ['https://a:b@x.example/y?token=z&n=1', 'https://x.example/y?token=removed&n=1'],
  'url without query': ['https://a:b@x.example/y?token=z&n=1', 'https://x.example/y'],
};

const mask = (text: string) => text.toUpperCase();

describe('content table', () => {
  it.each(ROWS)('$pattern by default: $byDefault', ({ name, byDefault }) => {
    const [value, treated] = EXAMPLES[byDefault];
    const event = eventWith({ $ai_error_type: 'TypeOfError', [name]: value });
    const { properties } = applyPrivacy(event, undefined, { privacyMode: false, media: 'remove', mask });
    expect(properties[name]).toEqual(treated);
    expect(Object.hasOwn(properties, name)).toBe(treated !== undefined);
  });

  it.each(ROWS)('$pattern in privacy mode: $inPrivacyMode', ({ name, inPrivacyMode }) => {
    const [value, treated] = EXAMPLES[inPrivacyMode];
    const event = eventWith({ $ai_error_type: 'TypeOfError', [name]: value });
    const { properties } = applyPrivacy(event, undefined, { privacyMode: true, media: 'remove', mask });
    expect(properties[name]).toEqual(treated);
    expect(Object.hasOwn(properties, name)).toBe(treated !== undefined);
  });

  it('knows each name once', () => {
    const names = contentTable().flatMap((row) => row.names);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('uses every treatment and every kind', () => {
    const treatments = new Set(contentTable().flatMap((row) => [row.byDefault, row.inPrivacyMode]));
    expect([...treatments].sort()).toEqual(Object.keys(TREATMENT_WORDS).sort());
    expect([...new Set(contentTable().map((row) => row.kind))].sort()).toEqual([...CONTENT_KINDS].sort());
  });
});

describe('names of content', () => {
  it.each([
    'metadata_input.value',
    'metadata_input',
    'metadata_gen_ai.prompt.3.content',
    'llm_input.value',
    'x.traceloop.entity.output',
    'metadata.gen_ai.system_instructions',
    'gen_ai.prompt_json',
    'llm.input_messages.12.message.contents.0.message_content.text',
    'mastra.agent_run.input',
    'haystack.component.output',
    'llm.openai.messages',
    'metadata_authorization',
    'lk.pii.chat_ctx',
    'lk.pii.response.text',
    'lk.instructions',
    'lk.function_tool.arguments',
    'lk.function_tools',
    'flue.turn.input',
    'flue.turn.output',
    'flue.tool.arguments',
    'gen_ai.input.text',
    'gen_ai.input.embedding',
    'gen_ai.request.instructions',
    'spring.ai.tool.call.arguments',
    'spring.ai.tool.call.result',
    'db.vector.query.content',
    'db.vector.query.response.documents',
    'gen_ai.agent.system_prompt',
    'gen_ai.agent.input',
    'haystack.component.input',
    'haystack.pipeline.input_data',
    'haystack.pipeline.output_data',
    'haystack.agent.tools',
    'tool_input',
    'tool_output',
    'tool_parameters',
    'ai.decision.questions',
    'ai.decision.answers',
    'ai.ranking',
    'crewai.task.description',
    'langwatch.contexts',
    'llm.completions.0.content',
    'braintrust.metadata',
    'acme.last.question',
    'acme.chat.history',
  ])('%s', (name) => {
    expect(contentRowOf(name, 'metadata_')).toBeDefined();
  });

  it.each([
    '$ai_input_tokens',
    '$ai_user',
    '$ai_latency',
    '$ai_session_id',
    'metadata_plan',
    'metadata_user_input_count',
    'metadata_inputs_total',
    'my_output',
    'body_mass',
    'gen_ai.prompt.name',
    'gen_ai.prompt.version',
    'llm.token_count.prompt',
    'llm.cost.prompt_details.input',
    'gen_ai.usage.input_tokens',
    'service.name',
    'app.tenant',
    'deployment.environment.name',
    'error.type',
    'exception.type',
    'ai.schema.name',
    '__proto__',
    'constructor',
    '',
  ])('not %s', (name) => {
    expect(contentRowOf(name, 'metadata_')).toBeUndefined();
  });

  it('looks behind the prefix that the user chose', () => {
    expect(contentRowOf('acme-body', 'acme-')).toBeDefined();
    expect(contentRowOf('acme-body', 'metadata_')).toBeUndefined();
    expect(contentRowOf('metadata_body', 'acme-')).toBeDefined();
    expect(contentRowOf('body', '')).toBeDefined();
  });
});
