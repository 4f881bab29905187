import { privacyTable, redactorTable } from './describe-privacy.ts';

/** The page `docs/privacy.md`. */
export function renderPrivacyPage(): string {
  return `<!-- Made by \`npm run docs:privacy\` from the table that the code uses; changes by hand are lost. -->

# Privacy

\`privacyMode: true\` withholds everything that was said: prompts, completions, tool arguments and results, retrieved
documents, error texts. Four places can ask for it, and one is enough: the option (a boolean, or a function of the call; when
it throws, the content is withheld), \`withTrace({ privacyMode: true }, …)\`, the span attributes \`posthog.privacy_mode\` and
\`trace.privacy_mode\`, and \`POSTHOG_PRIVACY_MODE=true\`. Content is taken out before anything is queued, written to the spool
or sent. The exporter's own logs, errors and figures never hold content or keys, in any mode.

Content that is sent goes through \`media\` (\`'remove'\`, the default, puts \`[image/png 12.3 kB removed]\` in place of files;
\`'keep'\` sends them), then \`redact\`, then \`mask\`. A mask that throws, or gives anything but a string, removes the value.

\`\`\`js
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';

export const processor = new PostHogLLMSpanProcessor({
  redact: ['email', 'credit_card'],
  mask: (text, { role }) => (role === 'user' ? text.replaceAll('Project Heron', '[project]') : text),
});
\`\`\`

Names of tools, agents, models and users are sent in every mode, and so is the metadata that you set yourself unless a row below
has its key (\`prompt\`, \`input\`); give them no content.

## What is sent in each mode

By the table that the exporter itself uses. Names without \`$\` are span attributes that were listed in \`includeAttributes\` and
keys of custom metadata, at any depth and also inside JSON texts; \`*\` stands for any beginning or ending. The first row that
takes a name decides.

${privacyTable()}

## Ready-made maskers

They see content only, not user ids or custom metadata.

${redactorTable()}
`;
}
