import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Loads packages as the application would, from where it was started. */
export interface ModulesOfApp {
  /** Folder of an installed package, `undefined` when it is not there. */
  folderOf(packageName: string): string | undefined;
  /** Exports of an installed package. Throws what loading it throws. */
  load(packageName: string): Readonly<Record<string, unknown>>;
  /** The same, for a package that is a dependency of another package of the application. */
  below(packageName: string): ModulesOfApp | undefined;
}

/** @param folder where to look from; parent folders are searched as well, as Node does */
export function modulesFrom(folder: string): ModulesOfApp {
  const require = createRequire(join(folder, 'noop.js'));
  const folderOf = (packageName: string): string | undefined =>
    // Not by resolving: `exports` can hide a package from it.
    (require.resolve.paths(packageName) ?? [])
      .map((path) => join(path, packageName))
      .find((path) => existsSync(join(path, 'package.json')));
  return {
    folderOf,
    load: (packageName) => require(packageName) as Readonly<Record<string, unknown>>,
    below: (packageName) => {
      const found = folderOf(packageName);
      return found === undefined ? undefined : modulesFrom(found);
    },
  };
}

/** Where to look for the application's packages: the folder it is started in, else that of its main file. */
export function foldersOfApp(): readonly string[] {
  const main = process.argv[1];
  return main === undefined ? [process.cwd()] : [process.cwd(), dirname(main)];
}
