import type { AddCommand } from './command.ts';
import { addCheck } from './commands/check.ts';
import { addConfigure } from './commands/configure.ts';
import { addDemo } from './commands/demo.ts';
import { addDestinations } from './commands/destinations.ts';
import { addDev } from './commands/dev.ts';
import { addDocs } from './commands/docs.ts';
import { addExplain } from './commands/explain.ts';
import { addInit } from './commands/init.ts';
import { addReplay } from './commands/replay.ts';
import { addSend } from './commands/send.ts';
import { addSendTest } from './commands/send-test.ts';
import { addServe } from './commands/serve.ts';
import { addSpool } from './commands/spool.ts';

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly AddCommand[] = [
  addInit,
  addCheck,
  addConfigure,
  addSendTest,
  addDemo,
  addExplain,
  addSend,
  addDev,
  addServe,
  addDestinations,
  addReplay,
  addSpool,
  addDocs,
];
