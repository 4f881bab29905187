import type { Command } from 'commander';
import type { CliIo, Output } from './io.ts';

/** What a shell gets to see: 0 done, 1 failed, 2 wrong usage, or what a command that was run has given. */
export type ExitCode = number;

/** Adds one command to the program: its arguments, its flags, its help, and what it does. */
export type AddCommand = (program: Command, act: Act) => void;

/** Does the work of a command that was asked for; what it returns becomes the exit code. */
export type Act = (work: (io: CliIo, output: Output) => Promise<ExitCode>) => Promise<void>;
