// Copies recordings into the fixtures:  node scripts/corpus-import.mjs DIR
//
// DIR has one folder per instrumentation with <scenario>.json (spans, OTLP/JSON), <scenario>.logs.json (log records)
// and <scenario>.truth.json (what the model server was asked and answered), and an INDEX.md that lists packages and
// scenarios. Expected events are made afterwards: npm run corpus:update.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = process.argv[2];
if (!source) {
  console.error('Usage: node scripts/corpus-import.mjs DIR');
  process.exit(2);
}
const target = join(import.meta.dirname, '../test/fixtures/corpus');
const index = readIndex(readFileSync(join(source, 'INDEX.md'), 'utf8'));
let recordings = 0;

for (const entry of readdirSync(source, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const to = join(target, entry.name);
  mkdirSync(to, { recursive: true });
  const files = readdirSync(join(source, entry.name)).filter((name) => name.endsWith('.json'));
  for (const file of files) cpSync(join(source, entry.name, file), join(to, file));
  const scenarios = [...new Set(files.map((file) => file.replace(/(?:\.truth|\.logs)?\.json$/, '')))].sort();
  recordings += scenarios.length;
  const known = index.get(entry.name) ?? { packages: {}, scenarios: {} };
  const manifest = {
    instrumentation: entry.name,
    packages: known.packages,
    scenarios: Object.fromEntries(
      scenarios.map((scenario) => [scenario, known.scenarios[scenario] ?? oldDescription(to, scenario)]),
    ),
  };
  writeFileSync(join(to, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
console.log(`${recordings} recordings in ${index.size} folders.`);

/** Packages and scenario descriptions by folder, from the tables of the index. */
function readIndex(markdown) {
  const folders = new Map();
  for (const section of markdown.split(/^## /m).slice(1)) {
    const folder = section.slice(0, section.indexOf('\n')).trim();
    const packages = /^Packages: (.*)$/m.exec(section)?.[1]?.trim().split(', ') ?? [];
    const scenarios = {};
    for (const line of section.split('\n')) {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
      const file = cells[1];
      if (!file?.startsWith(`${folder}/`) || file.endsWith('.logs.json')) continue;
      scenarios[file.slice(folder.length + 1).replace(/\.json$/, '')] = cells[3] ?? '';
    }
    folders.set(folder, {
      packages: Object.fromEntries(packages.map((name) => splitVersion(name))),
      scenarios,
    });
  }
  return folders;
}

function splitVersion(name) {
  const at = name.lastIndexOf('@');
  return [name.slice(0, at), name.slice(at + 1)];
}

function oldDescription(folder, scenario) {
  const file = join(folder, 'manifest.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).scenarios[scenario] ?? '') : '';
}
