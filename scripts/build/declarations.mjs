import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/**
 * Writes the types of the package, each entry in one file: `index.d.ts` and `index.d.cts` (the same text, since a type says of
 * itself which module system it belongs to by its file's name), and `register.d.ts`, which has its types from them.
 * @param {string} root folder of the repository
 * @param {string} outDir
 */
export function writeDeclarations(root, outDir) {
  withDeclarations(root, (folder) => {
    const rollup = join(folder, 'rollup.d.ts');
    extract(root, folder, { dtsRollup: { enabled: true, untrimmedFilePath: rollup } });
    const index = readFileSync(rollup, 'utf8').replace(/\nexport \{ \}\n$/, '\n');
    writeFileSync(join(outDir, 'index.d.ts'), index);
    writeFileSync(join(outDir, 'index.d.cts'), index);
    const register = readFileSync(join(folder, 'register.d.ts'), 'utf8');
    writeFileSync(join(outDir, 'register.d.ts'), register.replaceAll(`'./index.ts'`, `'./index.js'`));
    writeFileSync(join(outDir, 'register.d.cts'), register.replaceAll(`'./index.ts'`, `'./index.cjs'`));
  });
}

/**
 * The public API as data, for the reference: api-extractor's model.
 * @param {string} root
 * @returns {{ members: object[] }}
 */
export function readApiModel(root) {
  return withDeclarations(root, (folder) => {
    const file = join(folder, 'model.api.json');
    extract(root, folder, { docModel: { enabled: true, apiJsonFilePath: file } });
    return JSON.parse(readFileSync(file, 'utf8'));
  });
}

function withDeclarations(root, use) {
  const folder = mkdtempSync(join(tmpdir(), 'declarations-'));
  try {
    const options = ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder];
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], {
      cwd: root,
      stdio: 'inherit',
    });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function extract(root, folder, outputs) {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(folder, 'index.d.ts'),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            target: 'ES2022',
            lib: ['ES2023'],
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [join(folder, 'index.d.ts')],
        },
      },
      apiReport: { enabled: false },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      ...outputs,
      messages: {
        extractorMessageReporting: { default: { logLevel: 'none' } },
        compilerMessageReporting: { default: { logLevel: 'error' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error)
        console.error(`${message.messageId}: ${message.text}`);
    },
  });
  if (!result.succeeded) throw new Error('The types of the package could not be put together; see above.');
}
