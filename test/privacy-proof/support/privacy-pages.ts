import { privacyTable, redactorTable } from './describe-privacy.ts';

const START = '<!-- privacy-table:start -->';
const END = '<!-- privacy-table:end -->';

/** Names of one row that the README shows. */
const README_NAMES = 4;

/** The README with its section "Privacy" made anew. Fails when the markers are not there, once each and in order. */
export function withPrivacySection(readme: string): string {
  const [before, , ...more] = readme.split(START);
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (before === undefined || more.length > 0 || start < 0 || end < start) {
    throw new Error(`The README needs ${START} and ${END}, once each`);
  }
  return `${readme.slice(0, start)}${START}\n${section()}\n${readme.slice(end)}`;
}

function section(): string {
  return `<!-- Made by \`npm run docs:privacy\` from the table that the code uses; changes by hand are lost. -->

\`privacyMode: true\` withholds everything that was said: prompts, completions, tool arguments and results, retrieved
documents, error texts. Four places can ask for it, and one is enough: the option (a boolean, or a function of the call; when
it throws, the content is withheld), \`withTrace({ privacyMode: true }, …)\`, the span attributes \`posthog.privacy_mode\` and
\`trace.privacy_mode\`, and \`POSTHOG_PRIVACY_MODE=true\`. Content is taken out before anything is queued, written to the spool
or sent. The exporter's own logs, errors and figures never hold content or keys, in any mode.

Content that is sent goes through \`media\` (\`'remove'\`, the default, puts \`[image/png 12.3 kB removed]\` in place of files;
\`'keep'\` sends them), then \`redact\`, then \`mask\`. A mask that throws, or gives anything but a string, removes the value.

\`\`\`js
new PostHogLLMSpanExporter({
  redact: ['email', 'credit_card'],
  mask: (text, { kind, role }) => (role === 'user' ? text.replaceAll(customerName, '…') : text),
});
\`\`\`

### What is sent in each mode

${privacyTable(README_NAMES)}

All names stand in [docs/privacy.md](docs/privacy.md). Names of tools, agents, models and users are sent in every mode, and so
is the metadata that you set yourself unless a row above has its key (\`prompt\`, \`input\`); give them no content.

### Ready-made maskers

${redactorTable()}
`;
}

/** The page `docs/privacy.md`. */
export function renderPrivacyPage(): string {
  return `<!-- Made by \`npm run docs:privacy\`; changes by hand are lost. -->

# Privacy

What is sent of each event property, by the table that the exporter itself uses. Names without \`$\` are span attributes
that were listed in \`includeAttributes\` and keys of custom metadata, at any depth and also inside JSON texts; \`*\` stands
for any beginning or ending. The first row that takes a name decides.

${privacyTable()}

## Ready-made maskers

They see content only, not user ids or custom metadata.

${redactorTable()}
`;
}
