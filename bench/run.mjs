// Runs benchmarks written in TypeScript: `node bench/run.mjs bench/<name>.ts... [--quick]`. Teaches `require` to read
// TypeScript (types are stripped, not checked), then calls each module's `main({ quick })`.
import { createRequire } from 'node:module';
import path from 'node:path';

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (files.length === 0 || options.some((option) => option !== '--quick')) {
  console.error('Usage: node bench/run.mjs bench/<name>.ts... [--quick]');
  process.exit(2);
}
const require = createRequire(import.meta.url);
require('../test/support/typescript-hook.cjs');
for (const file of files) {
  if (files.length > 1) console.log(`\n${path.basename(file, '.ts')}`);
  await require(path.resolve(file)).main({ quick: options.includes('--quick') });
}
