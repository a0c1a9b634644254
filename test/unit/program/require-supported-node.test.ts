import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

function windlass(
  version: string,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } {
  const support = join(root, 'test/support');
  const preloaded = ['pretend-node-version.cjs', 'typescript-hook.cjs'].flatMap((file) => [
    '--require',
    join(support, file),
  ]);
  return spawnSync(process.execPath, [...preloaded, join(root, 'src/program/main.ts'), ...args], {
    env: { ...process.env, PRETENDED_NODE: version },
    encoding: 'utf8',
  });
}

it('says on a Node that is too old what to do, and nothing else', () => {
  const { status, stdout, stderr } = windlass('20.20.2', 'version');
  expect(stderr).toMatch(/^windlass: Node 20\.20\.2 is not one that Windlass runs on.*\n$/);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

it('runs on the oldest that `engines` allows', () => {
  expect(windlass('22.15.0', 'version')).toMatchObject({ status: 0, stderr: '' });
});
