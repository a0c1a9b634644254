// Runs benchmarks written in TypeScript: `node bench/run.mjs bench/<name>.ts... [--quick] [--before DIR]`. Teaches
// `require` to read TypeScript (types are stripped, not checked), then calls each module's `main({ quick, before })`.
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals: files } = readArguments();
const require = createRequire(import.meta.url);
require('../test/support/typescript-hook.cjs');
for (const file of files) {
  if (files.length > 1) console.log(`\n${path.basename(file, '.ts')}`);
  const before = values.before === undefined ? undefined : path.resolve(values.before);
  await require(path.resolve(file)).main({ quick: values.quick, before });
}

function readArguments() {
  try {
    const options = { quick: { type: 'boolean', default: false }, before: { type: 'string' } };
    const parsed = parseArgs({ options, allowPositionals: true });
    if (parsed.positionals.length > 0) return parsed;
  } catch {
    // Answered below.
  }
  console.error('Usage: node bench/run.mjs bench/<name>.ts... [--quick] [--before DIR]');
  process.exit(2);
}
