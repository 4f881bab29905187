import type { PostHogLLMEvent } from '../../../config/options.ts';
import { CopyButton } from './copy-button.tsx';
import { JsonView } from './json-view.tsx';

interface EventJsonProps {
  readonly event: PostHogLLMEvent;
  readonly postHogUrl: string | undefined;
  readonly content: boolean;
}

/** The event as it is sent, after privacy. */
export function EventJson({ event, postHogUrl, content }: EventJsonProps) {
  return (
    <>
      <div class="actions">
        <CopyButton label="Copy JSON" text={() => JSON.stringify(event, undefined, 2)} />
        {postHogUrl !== undefined && (
          <a href={postHogUrl} target="_blank" rel="noreferrer">
            Open the trace in PostHog
          </a>
        )}
        {!content && <span class="note">Without prompts and answers, which this page does not show</span>}
      </div>
      <JsonView value={event} />
    </>
  );
}
