/** The built program as a process of its own, against a strict stand-in for the API. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { completionScripts } from '../../src/cli/completion/scripts';
import * as examples from '../support/operator-examples';
import { type OperatorApi, startOperatorApi } from '../support/operator-api';

const main = join(__dirname, '../../dist/src/program/main.js');

let api: OperatorApi;
let home: string;
beforeEach(async () => {
  api = await startOperatorApi();
  // The program has the real clock, and says so where a list is old.
  api.answer('listPipelines', { ...examples.pipelines, asOf: new Date().toISOString() });
  api.answer('me', examples.me);
  home = await mkdtemp(join(tmpdir(), 'windlass-cli-'));
});
afterEach(async () => {
  await api.close();
  await rm(home, { recursive: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: home,
  WINDLASS_SERVER: api.url,
  WINDLASS_TOKEN: api.token,
});

async function windlass(args: readonly string[], input = '', more: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [main, ...args], { env: { ...environment(), ...more } });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { code: child.exitCode, out, err };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await once(child, 'exit');
}

it('prints without colors and escapes into a pipe', async () => {
  const { code, out, err } = await windlass(['get', 'pipelines']);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('apps/shop     prod          1.3.0   1.4.1');
  expect(out).not.toContain('\u001b');
});

it('ends with the code of the refusal', async () => {
  api.reply('approve', { problem: 'forbidden', status: 403, detail: 'alice may not approve on apps/shop.' });
  const { code, err } = await windlass(['approve', 'apps/shop', 'prod', '1.4.1']);
  expect([code, err]).toEqual([3, 'windlass: alice may not approve on apps/shop.\n']);
});

it('asks nothing without a terminal', async () => {
  api.answer('freeze', examples.done);
  const { code, err } = await windlass(['freeze', '-n', 'apps', '--reason', 'x']);
  expect([code, err]).toEqual([0, '']);
});

it('logs in with a token from standard input', async () => {
  const { code, out } = await windlass(['login', '--token-stdin'], `${api.token}\n`);
  expect(code).toBe(0);
  expect(out).toContain('oidc:alice');
});

it('ends in silence when its reader has enough', async () => {
  const [shop] = examples.pipelines.items;
  const many = Array.from({ length: 20_000 }, (_, index) => ({ ...shop!, name: `shop-${index}` }));
  api.answer('listPipelines', { ...examples.pipelines, asOf: new Date().toISOString(), items: many });
  const child = spawn(process.execPath, [main, 'get', 'pipelines'], { env: environment() });
  const err = text(child.stderr);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await ended(child);
  expect([child.exitCode, await err]).toEqual([0, '']);
});

it('loads neither Temporal nor Kubernetes nor Git providers for a command of a person', async () => {
  // Every version of Node lists in it what it has loaded, however that was imported.
  const coverage = join(home, 'coverage');
  const { code } = await windlass(['get', 'pipelines'], '', { NODE_V8_COVERAGE: coverage });
  const [report = ''] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, report), 'utf8')) as {
    readonly result: readonly { readonly url: string }[];
  };
  const loaded = result.map(({ url }) => url);
  expect(code).toBe(0);
  expect(loaded.some((file) => file.includes('/src/cli/commands/get.js'))).toBe(true);
  expect(
    loaded.filter((file) => /@temporalio|@kubernetes|@octokit|@gitbeaker|simple-git|grpc/.test(file)),
  ).toEqual([]);
});

it('completes in bash', async () => {
  const bin = join(home, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'windlass'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, {
    mode: 0o755,
  });
  await symlink('/bin/sh', join(bin, 'sh'));
  const complete = async (...words: string[]): Promise<string[]> => {
    const script = `${completionScripts.bash}
      COMP_WORDS=(windlass ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
      _windlass
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const stdout = await new Promise<string>((settle, refuse) => {
      const env = { ...environment(), PATH: `${bin}:${String(process.env['PATH'])}` };
      execFile('bash', ['--norc', '-c', script], { env }, (error, printed) => {
        if (error === null) settle(printed);
        else refuse(new Error(`bash ended with ${String(error.code)}`));
      });
    });
    return stdout.trim().split('\n');
  };
  expect(await complete('over')).toEqual(['override']);
  expect(await complete('approve', 'apps/s')).toEqual(['apps/shop']);
});
