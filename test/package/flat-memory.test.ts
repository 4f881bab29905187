import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPackage, buildPackage, run } from '../cli/built-package.ts';

let built: BuiltPackage;

beforeAll(async () => {
  built = await buildPackage();
});

afterAll(() => built.remove());

const SPANS = pathToFileURL('bench/spans.mjs').href;

/** Exports the spans of a workload of the benchmark, and says how much the old objects grew with each 4,096 of them. */
const APPLICATION = `
import { createServer } from 'node:http';
import { getHeapSpaceStatistics } from 'node:v8';
import { makeSpans, WORKLOADS } from '${SPANS}';
import { PostHogLLMSpanExporter } from './dist/index.js';

const server = createServer((request, response) => request.resume().on('end', () => response.end('{"status":1}')));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const endpoint = 'http://127.0.0.1:' + server.address().port;
const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_memory', endpoint, compression: 'none' });
const { spans } = makeSpans(WORKLOADS[process.argv[2]], 512);
const used = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space').space_used_size;
const growth = [];
for (let window = 0; window < 10; window++) {
  const before = used();
  for (let batch = 0; batch < 8; batch++) await new Promise((resolve) => exporter.export(spans, resolve));
  growth.push(used() - before);
}
console.log(JSON.stringify(growth.slice(4)));
process.exit();
`;

/** Numbers and ids that are remembered of 4,096 calls, and not what they say, which is 8 MB at least. */
const MAX_GROWTH_BYTES = 5e6;

/**
 * Of the built package, since a bundler may undo what keeps content among the young objects (see `retained`). A full
 * collection in between hides a window's growth, so most windows count.
 */
describe('the built package', () => {
  it('leaves no content among the old objects', async () => {
    const file = join(built.folder, 'memory.mjs');
    await writeFile(file, APPLICATION);
    const { stdout } = await run(process.execPath, [file, 'typical'], { cwd: built.folder });
    const growth = (JSON.parse(stdout) as number[]).sort((a, b) => a - b);
    expect(growth.at(-3)).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
