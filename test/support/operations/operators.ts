/** An installation, and people at their shells: each with a token, some permissions, and a login of their own. */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Verb } from '../../../src/domain/people/rights';
import { lookSignal } from '../../../src/workflows/contract/messages';
import { eventually } from '../eventually';
import {
  branchOf,
  createInstallation,
  environments,
  type Installation,
  pathOf,
  post,
  pullRequestPromotion,
  release,
  repository,
  secretManifest,
} from '../installation';
import { freePort } from '../free-port';
import { ended } from '../lane-outcomes';

const main = join(__dirname, '../../../dist/src/program/main.js');

/** Who they are, and what they may do in the namespace apps. */
const people = {
  vera: ['get'],
  // Who asks for a promotion does not approve it.
  rob: ['get', 'promote', 'rollback', 'freeze'],
  ada: ['get', 'approve'],
  olga: ['get', 'break-glass'],
} as const satisfies Readonly<Record<string, readonly Verb[]>>;

export type Person = keyof typeof people;
const names = Object.keys(people) as Person[];

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Operators {
  readonly installation: Installation;
  /** Runs a line in the person's shell, where `windlass` is the built program. */
  as(person: Person, line: string): Promise<Printed>;
  /** Has the next release of a target report the version. @returns the status of the answer */
  report(environment: string, version: string, hmacKey?: string): Promise<number>;
  /** Writes the manifest of the Pipeline. */
  writePipeline(environments: readonly string[]): Promise<void>;
  /** Writes the Secrets of the Pipeline. */
  writeSecrets(hmac: Readonly<Record<string, string>>, token: string): Promise<void>;
  /** Stops `windlass api` and `windlass worker` in an orderly way, and starts them again, as an upgrade does. */
  replacePrograms(): Promise<void>;
  /** Merges the open pull request for an environment, and has the environment report the version, until both are known. */
  deliver(environment: string, version: string): Promise<void>;
  close(): Promise<void>;
}

/** All environments have 1.3.0 in Git, and prod asks for an approval. The directory of the shells has `pipelines`. */
export async function startOperators(): Promise<Operators> {
  const directory = await mkdtemp(join(tmpdir(), 'windlass-operators-'));
  const tokens = new Map(names.map((name) => [name, `${name}-${randomUUID()}`]));
  const files = { tokens: join(directory, 'tokens.yaml'), policy: join(directory, 'policy.yaml') };
  await writeFile(files.tokens, tokensFile(tokens));
  await writeFile(files.policy, policyFile());
  const installation = await createInstallation({
    pipeline: (forge) => manifest(pullRequestPromotion(forge), environments),
    flags: [
      '--promotion-retry-delay=0',
      '--promotion-hook-rate-limit=1000',
      // People stay logged in to it when it starts again.
      `--api-bind-address=127.0.0.1:${await freePort()}`,
    ],
    env: { WINDLASS_API_TOKENS_FILE: files.tokens, WINDLASS_ACCESS_POLICY_FILE: files.policy },
  });
  const { forge, client } = installation;
  const manifests = environments.map((name) => [pathOf(name), release(name, '1.3.0')] as const);
  await forge.commit(repository, 'main', Object.fromEntries(manifests), 'Install 1.3.0');
  const startPrograms = () => Promise.all([installation.startWorker(), installation.startApi()]);
  let programs = await startPrograms();
  const { api: server = '' } = await programs[1].ready;

  const bin = join(directory, 'bin');
  await mkdir(bin);
  const program = `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`;
  await writeFile(join(bin, 'windlass'), program, { mode: 0o755 });
  const as = (person: Person, line: string, input = ''): Promise<Printed> => {
    const env = { HOME: join(directory, person), PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    return runShell(line, { env, cwd: installation.directory }, input);
  };
  for (const [person, token] of tokens) {
    await mkdir(join(directory, person));
    const { code, err } = await as(person, `windlass login --server ${server} --token-stdin`, token);
    if (code !== 0) throw new Error(`${person} cannot log in: ${err}`);
  }
  let releases = 1;
  const report = async (environment: string, version: string, hmacKey?: string): Promise<number> => {
    releases += 1;
    const event = installation.sign({ environment, version, release: releases }, hmacKey);
    return (await post(event)).status;
  };
  return {
    installation,
    as,
    report,
    writePipeline: (all) =>
      writeFile(join(installation.pipelinesDir, 'pipeline.yaml'), manifest(pullRequestPromotion(forge), all)),
    writeSecrets: (hmac, token) =>
      writeFile(
        join(installation.pipelinesDir, 'secrets.yaml'),
        [secretManifest('git', { token }), secretManifest('hmac', hmac)].join('---\n'),
      ),
    async replacePrograms() {
      await Promise.all(programs.map((program) => program.stop()));
      programs = await startPrograms();
    },
    async deliver(environment, version) {
      const open = forge
        .pullRequests(repository)
        .find(({ head, state }) => head === branchOf(environment) && state === 'open');
      if (open === undefined) throw new Error(`No pull request for ${environment} is open.`);
      await forge.mergePullRequest(repository, open.number, 'bob');
      // A follower that has just started is in no list yet.
      await eventually(async () => {
        const query = `WorkflowType = 'follower' AND ExecutionStatus = 'Running'`;
        for await (const { workflowId } of client.workflow.list({ query }))
          await client.workflow.getHandle(workflowId).signal(lookSignal);
        await ended(installation, version, 'merged', { environment, limitMs: 2_000 });
      });
      await report(environment, version);
      await ended(installation, version, 'deployed', { environment });
    },
    async close() {
      await installation.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function runShell(line: string, options: ExecFileOptions, input: string): Promise<Printed> {
  return new Promise((settle) => {
    const child = execFile('sh', ['-c', line], { ...options, encoding: 'utf8' }, (error, out, err) => {
      settle({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
    });
    child.stdin?.end(input);
  });
}

function tokensFile(tokens: ReadonlyMap<Person, string>): string {
  return stringify({
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'ApiTokens',
    tokens: [...tokens].map(([name, token]) => ({
      name,
      sha256: createHash('sha256').update(token).digest('hex'),
    })),
  });
}

function policyFile(): string {
  return stringify({
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'AccessPolicy',
    rules: names.map((name) => ({
      subjects: [{ user: `token:${name}` }],
      namespaces: ['apps'],
      verbs: people[name],
    })),
  });
}

function manifest(promotion: object, names: readonly string[]): string {
  return stringify({
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'Pipeline',
    metadata: { name: 'shop', namespace: 'apps' },
    spec: {
      appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
      environments: names.map((name) => ({
        name,
        targets: [{ namespace: name }],
        ...(name === 'prod' ? { gates: { approvals: { required: 1 } } } : {}),
      })),
      promotion,
    },
  });
}
