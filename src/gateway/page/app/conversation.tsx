import type { PostHogLLMEvent } from '../../../config/options.ts';
import { JsonView } from './json-view.tsx';
import { readMessages, type ShownMessage, type ShownPart } from './read-messages.ts';

interface ConversationProps {
  readonly event: PostHogLLMEvent;
  readonly content: boolean;
}

/** What was said, for reading. */
export function Conversation({ event: { properties }, content }: ConversationProps) {
  const messages = [
    ...readMessages(properties.$ai_input ?? properties.$ai_input_state, 'input'),
    ...readMessages(properties.$ai_output_choices ?? properties.$ai_output_state, 'output'),
  ];
  const tools = toolNames(properties.$ai_tools);
  return (
    <div class="conversation">
      {properties.$ai_error !== undefined && (
        <div class="problem">
          <strong>{httpStatus(properties.$ai_http_status)}</strong> <ErrorText error={properties.$ai_error} />
        </div>
      )}
      {tools.length > 0 && (
        <p class="tools">
          <span>Tools offered</span>{' '}
          {tools.map((name) => (
            <code key={name}>{name}</code>
          ))}
        </p>
      )}
      {messages.map((message, index) => (
        <Message key={index} message={message} />
      ))}
      {messages.length === 0 && (
        <p class="nothing">
          {content
            ? 'This event holds no messages. Under “Why” stands what the span says; many instrumentations record content only when they are told to.'
            : 'Prompts and answers are not shown here. Set page.content: true in the file of the gateway to see them.'}
        </p>
      )}
    </div>
  );
}

function httpStatus(status: unknown): string {
  return typeof status === 'number' ? `HTTP ${status}` : 'Failed:';
}

function ErrorText({ error }: { readonly error: unknown }) {
  return typeof error === 'string' ? <span>{error}</span> : <JsonView value={error} />;
}

function toolNames(tools: unknown): readonly string[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap(
    (tool: { readonly name?: unknown; readonly function?: { readonly name?: unknown } }) => {
      const name = tool?.function?.name ?? tool?.name;
      return typeof name === 'string' ? [name] : [];
    },
  );
}

function Message({ message: { role, parts } }: { readonly message: ShownMessage }) {
  return (
    <article class={`message ${ROLES.has(role) ? role : 'other'}`}>
      <h3>{role}</h3>
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
      {parts.length === 0 && <p class="nothing">empty</p>}
    </article>
  );
}

/** Roles that have a colour. */
const ROLES: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool', 'developer']);

function Part({ part }: { readonly part: ShownPart }) {
  switch (part.type) {
    case 'text':
      return <p class="said">{part.text}</p>;
    case 'thinking':
      return (
        <details>
          <summary>Thinking</summary>
          <p class="said">{part.text}</p>
        </details>
      );
    case 'tool call':
      return (
        <div class="tool-call">
          <code class="tool-name">{part.name}</code>
          {part.input !== undefined && <JsonView value={part.input} />}
        </div>
      );
    case 'other':
      return (
        <div class="tool-call">
          <span class="tag">{part.label}</span>
          <JsonView value={part.value} />
        </div>
      );
  }
}
