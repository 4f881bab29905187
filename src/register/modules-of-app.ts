import { existsSync, realpathSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Loads packages as the application would, from where it was started. */
export interface ModulesOfApp {
  /** The folder that the packages are looked for from. */
  readonly folder: string;
  /** Folder of an installed package, links resolved; `undefined` when it is not there. */
  folderOf(packageName: string): string | undefined;
  /** Exports of an installed package. Throws what loading it throws. */
  load(packageName: string): Readonly<Record<string, unknown>>;
  /** The same, for a package that is a dependency of another package of the application. */
  below(packageName: string): ModulesOfApp | undefined;
}

/** Yarn's Plug'n'Play: packages are in archives, and a table says which package may see which. */
interface PnpApi {
  resolveToUnqualified(packageName: string, issuer: string): string | null;
}

/** @param folder where to look from; parent folders are searched as well, as Node does */
export function modulesFrom(folder: string): ModulesOfApp {
  const require = createRequire(join(folder, 'noop.js'));
  const folderOf = (packageName: string): string | undefined => {
    const pnp = pnpFor(folder);
    if (pnp) return folderByPnp(pnp, packageName, folder);
    // Not by resolving: `exports` can hide a package from it.
    const found = (require.resolve.paths(packageName) ?? [])
      .map((path) => join(path, packageName))
      .find((path) => existsSync(join(path, 'package.json')));
    // A package finds its own dependencies beside the place where it really is: pnpm links it to where it is used.
    return found && realpathSync(found);
  };
  return {
    folder,
    folderOf,
    load: (packageName) => require(packageName) as Readonly<Record<string, unknown>>,
    below: (packageName) => {
      const found = folderOf(packageName);
      return found === undefined ? undefined : modulesFrom(found);
    },
  };
}

function pnpFor(folder: string): PnpApi | undefined {
  const { findPnpApi } = nodeModule as unknown as { findPnpApi?: (path: string) => PnpApi | null };
  return findPnpApi?.(`${folder}/`) ?? undefined;
}

function folderByPnp(pnp: PnpApi, packageName: string, folder: string): string | undefined {
  try {
    return pnp.resolveToUnqualified(packageName, `${folder}/`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Where to look for the application's packages: the folder it is started in, else that of its main file. */
export function foldersOfApp(): readonly string[] {
  const main = process.argv[1];
  return main === undefined ? [process.cwd()] : [process.cwd(), dirname(main)];
}
