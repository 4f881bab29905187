import type { Context, Span, SpanOptions, Tracer, TracerProvider } from '@opentelemetry/api';

type TracerArguments = Parameters<TracerProvider['getTracer']>;

/**
 * A tracer provider that another can take the place of, also for those who have got their tracers before. It has what
 * applications and frameworks call of a provider of the SDK.
 */
export class HandoverProvider implements TracerProvider {
  #current: TracerProvider;

  constructor(first: TracerProvider) {
    this.#current = first;
  }

  getTracer(...args: TracerArguments): Tracer {
    return new HandoverTracer(() => this.#current, args);
  }

  /** Spans that start from now on are those of `next`. */
  handOver(next: TracerProvider): void {
    this.#current = next;
  }

  async forceFlush(): Promise<void> {
    await (this.#current as Partial<HandoverProvider>).forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await (this.#current as Partial<HandoverProvider>).shutdown?.();
  }
}

class HandoverTracer implements Tracer {
  readonly #provider: () => TracerProvider;
  readonly #args: TracerArguments;
  #madeBy: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  constructor(provider: () => TracerProvider, args: TracerArguments) {
    this.#provider = provider;
    this.#args = args;
  }

  startSpan(name: string, options?: SpanOptions, context?: Context): Span {
    return this.#current().startSpan(name, options, context);
  }

  /** Its forms differ in the number of arguments. */
  startActiveSpan(...args: unknown[]): never {
    const tracer = this.#current();
    return (tracer.startActiveSpan as (...given: unknown[]) => never).apply(tracer, args);
  }

  #current(): Tracer {
    const provider = this.#provider();
    if (this.#tracer && this.#madeBy === provider) return this.#tracer;
    this.#madeBy = provider;
    this.#tracer = provider.getTracer(...this.#args);
    return this.#tracer;
  }
}
