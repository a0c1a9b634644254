import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ManifestFault } from '../../../src/manifests/manifest-fault';
import { setMarkedVersions } from '../../../src/manifests/set-marked-versions';
import { faultCases } from './fault-cases';
import { goldenCases } from './golden-cases';

const directory = path.join(__dirname, '../../fixtures/manifests');
const marker = { namespace: 'apps', pipeline: 'podinfo', environment: 'prod' };
const read = (name: string): string => readFileSync(path.join(directory, name), 'utf8');
const title = (name: string): string => name.replaceAll('-', ' ');

describe('a manifest is edited byte for byte', () => {
  test.each(
    Object.entries(goldenCases).map(([name, expected]) => ({ title: title(name), name, ...expected })),
  )('$title', ({ name, version = '1.3.0', changes }) => {
    const edited = setMarkedVersions(read(`${name}.in.yaml`), marker, { version: version });

    expect(edited.text).toBe(read(`${name}.out.yaml`));
    expect(edited.changes.map(({ line, previous }) => [line, previous])).toEqual(changes);
  });
});

describe('an edited manifest is not edited again', () => {
  test.each(
    Object.entries(goldenCases).map(([name, { version }]) => ({ title: title(name), name, version })),
  )('$title', ({ name, version = '1.3.0' }) => {
    const once = read(`${name}.out.yaml`);

    expect(setMarkedVersions(once, marker, { version: version }).text).toBe(once);
  });
});

describe('a marker that cannot be honoured is a fault with line and reason', () => {
  test.each(
    Object.entries(faultCases).map(([name, [line, reason]]) => ({ title: title(name), name, line, reason })),
  )('$title', ({ name, line, reason }) => {
    expect(() => setMarkedVersions(read(`${name}.fault.yaml`), marker, { version: '1.3.0' })).toThrow(
      new ManifestFault(line, reason),
    );
  });
});

test('every fixture is in a table, and every table entry has its fixtures', () => {
  const expected = [
    ...Object.keys(goldenCases).flatMap((name) => [`${name}.in.yaml`, `${name}.out.yaml`]),
    ...Object.keys(faultCases).map((name) => `${name}.fault.yaml`),
  ];

  expect(readdirSync(directory).sort()).toEqual(expected.sort());
});
