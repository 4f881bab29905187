// Whether a tag may be released: the version in package.json, in the source, and a section of the changelog that is not empty.
// node scripts/check-release.mjs v1.2.3
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const [tag = ''] = process.argv.slice(2);
const { version } = JSON.parse(read('package.json'));

assert.equal(tag, `v${version}`, 'the tag is not the version of package.json');
assert.ok(read('src/package-info.ts').includes(`'${version}'`), 'src/package-info.ts has another version');
const section = read('CHANGELOG.md')
  .split(/^## /m)
  .find((text) => text.startsWith(`${version} `) || text.startsWith(`${version}\n`));
assert.ok(section, `CHANGELOG.md has no section "## ${version}"`);
assert.match(section, /^- /m, `the section "## ${version}" of CHANGELOG.md says nothing`);
console.log(`${tag} can be released`);
