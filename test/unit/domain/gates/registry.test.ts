import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gates } from '../../../../src/domain/gates/registry';

const files = readdirSync(join(__dirname, '../../../../src/domain/gates'));
const modelFiles = ['evaluate.ts', 'gate.ts', 'registry.ts'];

it('every gate has its rule and its schema in files called like it', () => {
  const expected = Object.keys(gates).flatMap((kind) => [`${kind}.ts`, `${kind}-schema.ts`]);
  expect(files.filter((file) => !modelFiles.includes(file)).sort()).toEqual(expected.sort());
});
