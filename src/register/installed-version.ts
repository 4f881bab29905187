import type { ModulesOfApp } from './modules-of-app.ts';
import { readManifest } from './read-manifest.ts';

/** The nearest place that a package is installed in. */
export function placeOf(places: readonly ModulesOfApp[], name: string): ModulesOfApp | undefined {
  return places.find(({ folderOf }) => folderOf(name) !== undefined);
}

/** Version of an installed package; `undefined` when it is not there or does not say. */
export function versionOf(place: ModulesOfApp, name: string): string | undefined {
  const folder = place.folderOf(name);
  const version = folder === undefined ? undefined : readManifest(folder)['version'];
  return typeof version === 'string' ? version : undefined;
}

/** Only what the application says that it uses: its dependencies may bring libraries that it never calls. */
export function isDirect(places: readonly ModulesOfApp[], name: string): boolean {
  return places.some(({ folder }) => {
    const { dependencies } = readManifest(folder);
    return typeof dependencies === 'object' && dependencies !== null && name in dependencies;
  });
}
