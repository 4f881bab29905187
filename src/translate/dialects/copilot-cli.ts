import type { AttributeEntries, Dialect } from './dialect.ts';
import { prefixed } from './shared/sources.ts';
import { toText } from './shared/values.ts';

const PREFIX = 'github.copilot.';

/** Kept as metadata. The units are premium requests and AI units: none of these is an amount of money. */
const KEPT: Readonly<Record<string, string>> = {
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
  fields: { metadata: [prefixed(PREFIX, keptMetadata)] },
};

function keptMetadata(entries: AttributeEntries): Readonly<Record<string, unknown>> | undefined {
  const kept = entries.flatMap(([key, value]) => {
    const name = Object.hasOwn(KEPT, key) ? KEPT[key] : undefined;
    return name === undefined || toText(value) === undefined ? [] : [[name, value] as const];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
