import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AdminRoute, text } from '../observe/admin-http.ts';

/** Files of the page, by the path that they are served at. `npm run build` makes them of `app/`. */
const FILES = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/app.js', file: 'app.js', type: 'text/javascript; charset=utf-8' },
  { path: '/app.css', file: 'app.css', type: 'text/css; charset=utf-8' },
  { path: '/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const;

/** Folders in which they may stand: beside the built files, one above those of the command line, or beside the source. */
const FOLDERS: readonly string[] = ['./page/', '../page/', '../../../dist/page/'];

/** Serves the page itself, which holds nothing before it has asked for the rest. */
export function pageAssetRoutes(): readonly AdminRoute[] {
  const folder = folderOfPage();
  return FILES.map(({ path, file, type }) => ({
    path,
    method: 'GET',
    access: 'page',
    answer: () =>
      folder === undefined
        ? text(404, 'The page is not built. Run: npm run build')
        : { status: 200, type, body: readFileSync(new URL(file, folder)) },
  }));
}

function folderOfPage(): URL | undefined {
  return FOLDERS.map((folder) => new URL(folder, import.meta.url)).find((folder) =>
    existsSync(fileURLToPath(new URL('app.js', folder))),
  );
}
