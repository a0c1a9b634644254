// Runs a benchmark written in TypeScript: `node bench/run.mjs bench/<name>.ts`. Teaches `require` to read TypeScript
// (types are stripped, not checked), then calls the module's `main()`.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { transformSync } from '@swc/core';

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Usage: node bench/run.mjs bench/<name>.ts');
  process.exit(2);
}
await createRequire(import.meta.url)(path.resolve(file)).main();
