/** What the source calls or constructs of yaml. A name that is missing here is an error of the build. */
const NAMES = ['isMap', 'isScalar', 'isSeq', 'LineCounter', 'parseDocument', 'visit'];

const VIRTUAL_ID = '\0lazy-yaml';
const CODE = [
  'let loaded;',
  "const yaml = () => (loaded ??= require('yaml'));",
  ...NAMES.map(
    (name) =>
      `export function ${name}(...given) { return new.target ? new (yaml().${name})(...given) : yaml().${name}(...given); }`,
  ),
].join('\n');

/**
 * Has yaml run when the first file is read, and not when the package is imported, which takes a tenth less CPU time. It
 * stays in the bundle: a file of its own would be missing where an application is bundled into one.
 */
export function lazyYaml() {
  return {
    name: 'lazy-yaml',
    resolveId: (id, importer) => (id === 'yaml' && importer !== VIRTUAL_ID ? VIRTUAL_ID : undefined),
    load: (id) => (id === VIRTUAL_ID ? { code: CODE, moduleSideEffects: false } : undefined),
  };
}
