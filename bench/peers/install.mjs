// Installs the peers beside this file, the first time.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folder = new URL('.', import.meta.url);
if (!existsSync(new URL('node_modules', folder))) {
  execSync('npm install --no-audit --no-fund --no-package-lock', { cwd: folder, stdio: 'inherit' });
}
