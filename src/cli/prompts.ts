import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CliIo } from './io.ts';

/** Asks questions in a terminal. An answer of `undefined` means that the user gave up (end of input, Ctrl-C). */
export interface Prompter {
  ask(question: string): Promise<string | undefined>;
  /** As `ask`, but what is typed is not shown. */
  askHidden(question: string): Promise<string | undefined>;
  close(): void;
}

export function createPrompter({ stdin, stdout }: CliIo): Prompter {
  let isMuted = false;
  const echo = new Writable({
    write(chunk, encoding, done) {
      if (!isMuted) {
        stdout.write(chunk, encoding);
      }
      // At once: what waits in a queue would be handled later, when muting may have changed.
      done();
    },
  });
  // No history, or the arrow keys would bring a hidden answer back on the screen.
  const reader = createInterface({ input: stdin, output: echo, terminal: true, historySize: 0 });
  // readline leaves a question that is cut short by the end of input unanswered for ever.
  let giveUp: () => void = () => {};
  const ended = new Promise<undefined>((resolve) => {
    giveUp = () => resolve(undefined);
  });
  reader.once('close', giveUp);
  reader.once('SIGINT', () => reader.close());
  const ask = (question: string) => Promise.race([reader.question(question), ended]);
  return {
    ask,
    async askHidden(question) {
      const answer = ask(question);
      isMuted = true;
      try {
        return await answer;
      } finally {
        isMuted = false;
        // The line break that was typed was not shown either.
        stdout.write('\n');
      }
    },
    close: () => reader.close(),
  };
}
