/**
 * A URL as it may be said in a line: without user and query, and `…` for its path, which may hold a key.
 * @param route end of the path that is known, and said
 */
export function shownUrl(url: string, route = ''): string {
  if (!URL.canParse(url)) return 'the endpoint';
  const { origin, pathname } = new URL(url);
  const known = pathname.endsWith(route) ? route : '';
  const prefix = pathname.slice(0, pathname.length - known.length);
  return `${origin}${prefix === '' || prefix === '/' ? '' : '/…'}${known}`;
}
