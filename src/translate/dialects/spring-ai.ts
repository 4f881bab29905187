import type { CallKind } from '../call/llm-call.ts';
import { isModelCall } from '../call/llm-call.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { hasSignOfAi } from './shared/signs-of-ai.ts';
import { attribute, own, structured } from './shared/sources.ts';
import { oneOf, toContent, toText } from './shared/values.ts';

/** `spring.ai.kind` of everything around a model; model calls have none. */
const WRAPPER_KINDS: Readonly<Record<string, CallKind>> = {
  chat_client: 'agent',
  advisor: 'step',
  tool_call: 'tool',
  vector_store: 'retriever',
  chat_memory: 'memory',
};

const SPRING_BOOT = 'org.springframework.boot';

const kindOfWrapper = oneOf(WRAPPER_KINDS);

/**
 * Spring AI through Micrometer, which writes every value as text. The names are OpenTelemetry's old ones;
 * content is in log records alone, unless the application puts it on the span.
 * Source: `spring-projects/spring-ai` (observation conventions).
 */
export const springAi: Dialect = {
  id: 'spring-ai',
  title: 'Spring AI',
  framework: 'spring-ai',
  // Micrometer's bridge gives every span of the application the name of Spring Boot.
  detect: { scopes: ['org.springframework.ai*', SPRING_BOOT], prefixes: ['spring.ai.'] },
  correctKind: (context) => wrapper(context) ?? notAi(context),
  content: {
    tools: ['spring.ai.tool.call.*'],
  },
  fields: {
    kind: [attribute('spring.ai.kind', kindOfWrapper)],

    inputState: [
      structured('spring.ai.tool.call.arguments', toContent),
      own(attribute('db.vector.query.content', toText)),
    ],
    outputState: [
      structured('spring.ai.tool.call.result', toContent),
      own(structured('db.vector.query.response.documents', toContent)),
    ],
    toolName: [attribute('spring.ai.tool.definition.name', toText)],
    toolCallId: [attribute('spring.ai.tool.call.id', toText)],

    sessionId: [attribute('spring.ai.chat.client.conversation.id', toText)],
  },
};

function notAi(context: KindContext): KindCorrection | undefined {
  if (context.span.scope.name !== SPRING_BOOT || hasSignOfAi(context)) return undefined;
  return { kind: 'ignore', because: 'it is a span of the application without a sign of AI' };
}

function wrapper({ kind, span }: KindContext): KindCorrection | undefined {
  const own = kindOfWrapper(span.attributes['spring.ai.kind']);
  if (own === undefined || kind === undefined || !isModelCall(kind)) return undefined;
  return { kind: own, because: 'spring.ai.kind tells the wrappers from the model call inside' };
}
