import { objectOf } from '../../json/object-of.ts';
import type { AttributeEntries, Dialect } from './dialect.ts';
import { prefixed } from './shared/sources.ts';
import { toText } from './shared/values.ts';

const PREFIX = 'github.copilot.';

/** What becomes metadata. The units are premium requests and AI units: none of these is an amount of money. */
const METADATA: Readonly<Record<string, string>> = {
  cost: 'copilot_cost_premium_requests',
  total_premium_requests: 'copilot_total_premium_requests',
  nano_aiu: 'copilot_nano_aiu',
  'git.repository': 'copilot_repository',
  'github.org': 'copilot_organization',
};

/**
 * GitHub Copilot CLI. Everything that matters stands under OpenTelemetry's names; the root `invoke_agent`
 * repeats the sum of its `chat` spans. Source: LangWatch (canonicalisation/extractors/copilot.ts).
 */
export const copilotCli: Dialect = {
  id: 'copilot-cli',
  title: 'GitHub Copilot CLI',
  detect: { scopes: ['github.copilot', '@github/copilot'], prefixes: [PREFIX] },
  fields: { metadata: [prefixed(PREFIX, readMetadata)] },
};

function readMetadata(entries: AttributeEntries): Readonly<Record<string, unknown>> | undefined {
  return objectOf(
    entries.flatMap(([key, value]) => {
      const name = Object.hasOwn(METADATA, key) ? METADATA[key] : undefined;
      return name === undefined || toText(value) === undefined ? [] : [[name, value] as const];
    }),
  );
}
