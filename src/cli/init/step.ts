/** One thing to do. What has no file and no script is for the person to do. */
export interface Step {
  readonly says: string;
  /** Written if it does not exist. */
  readonly file?: { readonly path: string; readonly text: string };
  /** A script of `package.json`: added, or changed from what it was. */
  readonly script?: { readonly name: string; readonly from: string | undefined; readonly to: string };
  /** Shown beside what it says. */
  readonly code?: string;
}
