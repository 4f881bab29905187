// Node × package manager × module system × SDK: installed from the archive, one event sent.
import { application } from '../apps.mjs';
import { isAtLeast, NODES, SDKS } from '../versions.mjs';

const MANAGERS = ['npm', 'pnpm', 'Yarn PnP'];

export const cases = MANAGERS.flatMap((manager) =>
  Object.entries(SDKS).flatMap(([sdk, { node: first = [20, 19], ...use }]) =>
    ['app.mjs', 'app.cjs'].flatMap((app) =>
      NODES.filter((version) => isAtLeast(version, first)).map((version) => ({
        group: 'Installed by',
        row: `${manager}, ${app === 'app.mjs' ? '`import`' : '`require`'}, ${sdk}`,
        column: version,
        // The cheap core that each change must pass: npm on what the first of each line of Node brings.
        isCore: manager === 'npm' && sdk === 'SDK 2',
        async run({ project, send, node }) {
          const name = `${manager} ${sdk}`.toLowerCase().replaceAll(/[ .]+/g, '-');
          const cwd = await project({ name, manager, packages: use.packages, files: application(use) });
          const hooks =
            manager === 'Yarn PnP'
              ? ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs']
              : [];
          await send([await node(version), '--no-warnings', ...hooks, app], { cwd });
        },
      })),
    ),
  ),
);
