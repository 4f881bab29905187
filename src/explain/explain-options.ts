import { DEFAULT_MAX_METADATA_DEPTH, DEFAULT_METADATA_PREFIX } from '../config/defaults.ts';
import { ROUTES } from '../deliver/posthog-routes.ts';
import type { SelectionOptions } from '../translate/selection/select-call.ts';
import type { TranslateOptions } from '../translate/translate-call.ts';

/** What the exporter is configured to do, as far as it shapes events, and how much is shown of it. */
export interface ExplainOptions extends Partial<TranslateOptions> {
  /** Shows prompts, answers, tool data and error texts. Default: only their sizes. */
  readonly showContent?: boolean;
  /** Size of an event beyond which it is trimmed. Default: the limit of PostHog's AI route. */
  readonly maxEventBytes?: number;
  /** The application's rules, filter function and sample. Default: every call is sent. */
  readonly choice?: SelectionOptions;
}

/** The exporter's own defaults. */
export const EXPLAIN_DEFAULTS: WantedOptions = {
  metadataPrefix: DEFAULT_METADATA_PREFIX,
  maxMetadataDepth: DEFAULT_MAX_METADATA_DEPTH,
  includeAttributes: [],
  distinctId: undefined,
  privacyMode: false,
  content: { media: 'remove' },
  showContent: false,
  maxEventBytes: ROUTES.ai.maxEventBytes,
};

/** The options with every default filled in. */
export type WantedOptions = TranslateOptions &
  Required<Pick<ExplainOptions, 'showContent' | 'maxEventBytes'>> &
  Pick<ExplainOptions, 'choice'>;
