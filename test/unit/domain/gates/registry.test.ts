import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gates } from '../../../../src/domain/gates/registry';

const files = readdirSync(join(__dirname, '../../../../src/domain/gates'));
/** Their manifests are no part of a Pipeline's. */
const objectsOfTheirOwn = ['freeze'];
const modelFiles = ['evaluate.ts', 'gate.ts', 'registry.ts', 'shown-gate.ts'];

it('every gate has its rule and its schema in files called like it', () => {
  const expected = Object.keys(gates).flatMap((name) => {
    const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return objectsOfTheirOwn.includes(name) ? [`${file}.ts`] : [`${file}.ts`, `${file}-schema.ts`];
  });
  expect(files.filter((file) => !modelFiles.includes(file)).sort()).toEqual(expected.sort());
});
