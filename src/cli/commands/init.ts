import type { AddCommand } from '../command.ts';
import type { InitFlags } from '../init/run-init.ts';
import { withConnectionFlags } from '../shared-flags.ts';

export const addInit: AddCommand = (program, act) => {
  withConnectionFlags(program.command('init').argument('[folder]', 'of the application', '.'))
    .description('Look at an application and say what to install and what to add; ends with check.')
    .option('--write', 'write it: new files, and the start script; existing files stay as they are')
    .addHelpText('after', HELP)
    .action((folder: string, flags: InitFlags) =>
      act(async (io, output) => {
        const { runInit } = await import('../init/run-init.ts');
        return runInit(folder, flags, io, output);
      }),
    );
};

const HELP = `
Looks at package manager, module system, framework, LLM libraries with their versions, and tracing that is there already.

Examples:
  $ npx posthog-llm-exporter init
  $ npx posthog-llm-exporter init ./services/chat --write`;
