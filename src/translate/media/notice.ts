/** A MIME type as PostHog may show it; anything else that stands in its place is not repeated. */
const MIME_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/;

/**
 * What is sent in place of media.
 * @returns for example `[image/png 12.3 kB removed]`
 */
export function mediaNotice(mimeType: string | undefined, bytes: number): string {
  const type = mimeType !== undefined && MIME_TYPE.test(mimeType) ? mimeType : 'binary data';
  return `[${type} ${sizeOf(bytes)} removed]`;
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${rounded(bytes / 1000)} kB`;
  return `${rounded(bytes / 1e6)} MB`;
}

function rounded(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
