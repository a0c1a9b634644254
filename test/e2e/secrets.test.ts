import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { laneId } from '../../src/workflows/contract/ids';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { createCanaries, filesBelow } from '../support/canaries';
import { processesBelow } from '../support/child-processes';
import { eventually } from '../support/eventually';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  post,
  pullRequestPromotion,
  repository,
  secretManifest,
} from '../support/installation';
import { standingsOf } from '../support/lane-standings';
import { type Program } from '../support/program';
import { workflowHistories } from '../support/workflow-histories';

const canaries = createCanaries();
/** The forge has one token, for API and Git alike. */
const token = canaries.make('token');
const hmacKey = canaries.make('hmac-key');
const basic = { username: canaries.make('username'), password: token };

/** One Pipeline for each Secret, by the name of both. */
const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  basic: { ...basic, token },
  bearer: {
    bearerToken: token,
    token,
    identity: canaries.make('unused-identity'),
    known_hosts: canaries.make('unused-known_hosts'),
    'ca.crt': `# ${canaries.make('ca.crt')}\n${rootCertificates[0] ?? ''}`,
  },
  'git-refused': { username: 'git', password: canaries.make('wrong-password'), token },
  'bearer-refused': { bearerToken: canaries.make('wrong-bearerToken'), token },
  'api-refused': { ...basic, token: canaries.make('wrong-token') },
  'git-echo': { ...basic, token },
  'api-echo': { ...basic, token },
  'bad-manifest': { ...basic, token },
  'bad-key': { ...basic, token, 'tls.crt': canaries.make('tls.crt'), 'tls.key': canaries.make('tls.key') },
  ssh: {
    identity: `-----BEGIN OPENSSH PRIVATE KEY-----\n${canaries.make('identity')}\n-----END OPENSSH PRIVATE KEY-----`,
    password: canaries.make('passphrase'),
    known_hosts: `127.0.0.1 ssh-ed25519 ${canaries.make('known_hosts')}`,
    token,
  },
};

let installation: Installation;
let api: Program;
let worker: Program;
const silentSshServer = createServer();
const answers: string[] = [];
const commandLines: string[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => silentSshServer.listen(0, '127.0.0.1', resolve));
  installation = await createInstallation({
    secrets: { token, hmacKey },
    flags: ['--log-level=debug', '--promotion-retry-delay=0', '--promotion-hook-rate-limit=1000'],
  });
  const { forge, pipelinesDir } = installation;
  for (const [name, secret] of Object.entries(secrets)) {
    const promotion = JSON.parse(
      JSON.stringify(pullRequestPromotion(forge)).replace('"name":"git"', `"name":"${name}"`),
    ) as { strategy: { 'pull-request': { url: string } } };
    if (name === 'ssh') {
      const { port } = silentSshServer.address() as AddressInfo;
      promotion.strategy['pull-request'].url = `ssh://git@127.0.0.1:${port}/${repository}.git`;
    }
    const manifests = [pipelineManifest(promotion, name), secretManifest(name, secret)];
    await writeFile(join(pipelinesDir, `${name}.yaml`), manifests.join('---\n'));
  }
  await forge.commit(
    repository,
    'main',
    Object.fromEntries(
      Object.keys(secrets).map((name) => [
        `apps/${name}.yaml`,
        name === 'bad-manifest'
          ? `version: [1.0.0 # {"$promotion": "apps:${name}:staging"}\n`
          : `version: 1.0.0 # {"$promotion": "apps:${name}:staging"}\n`,
      ]),
    ),
    'Add the applications',
  );
  [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(async () => {
  silentSshServer.close();
  await installation.close();
});

/** Reports a version to a Pipeline and waits for the end of its promotion. */
async function promote(pipeline: string): Promise<{ readonly state: string; readonly code?: string }> {
  const answer = await installation.report({ pipeline, version: '1.1.0', release: 2 });
  answers.push(await wholeOf(answer));
  const lane = installation.client.workflow.getHandle(
    laneId({ namespace: 'apps', name: pipeline }, 'staging'),
  );
  return eventually(async () => {
    const [outcome] = standingsOf(await lane.query(laneStateQuery));
    if (outcome === undefined) throw new Error(`The promotion of ${pipeline} has not ended.`);
    return outcome;
  }, 40_000);
}

async function wholeOf(answer: Response): Promise<string> {
  return JSON.stringify([...answer.headers]) + (await answer.text());
}

/** Takes the command lines below the worker once one of them is such a program. */
async function watchFor(program: RegExp): Promise<void> {
  await eventually(async () => {
    const seen = (await processesBelow(worker.pid)).map(({ commandLine }) => commandLine);
    commandLines.push(...seen);
    expect(seen).toContainEqual(expect.stringMatching(program));
  }, 40_000);
}

/** Promotes while the forge keeps Git's first request waiting until Git was seen. */
async function promoteWatched(pipeline: string): Promise<{ readonly state: string; readonly code?: string }> {
  const seen = watchFor(/^git remote-http|git-remote-http/);
  installation.forge.failNext('git', { until: seen });
  const [outcome] = await Promise.all([promote(pipeline), seen]);
  return outcome;
}

it.each(['basic', 'bearer'])('a promotion with %s credentials succeeds while it is watched', async (name) => {
  expect(await promoteWatched(name)).toMatchObject({ state: 'pull-request' });
});

it.each(['git-refused', 'bearer-refused', 'api-refused'])('%s credentials fail', async (name) => {
  expect(await promoteWatched(name)).toMatchObject({ state: 'failed', code: 'bad-credentials' });
});

it('a Git server that repeats the credentials in its refusal fails the promotion', async () => {
  const encoded = Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
  installation.forge.failNext('git', {
    path: /git-receive-pack/,
    answer: 403,
    message: `No: ${token} ${encodeURIComponent(token)} Basic ${encoded} https://${basic.username}:${token}@git.example/`,
  });
  expect(await promote('git-echo')).toMatchObject({ state: 'failed', code: 'forbidden' });
});

it('an API that repeats the token in its refusal fails the promotion', async () => {
  installation.forge.failNext('api', { answer: 403, message: `No: ${token} ${encodeURIComponent(token)}` });
  expect(await promote('api-echo')).toMatchObject({ state: 'failed', code: 'forbidden' });
});

it('a manifest that cannot be read fails the promotion', async () => {
  expect(await promote('bad-manifest')).toMatchObject({ state: 'failed', code: 'invalid-manifest' });
});

it('key material that cannot be read fails the promotion', async () => {
  expect(await promote('bad-key')).toMatchObject({ state: 'failed', code: 'bad-credentials' });
});

it('an ssh server that says nothing and hangs up fails the promotion', async () => {
  const seen = watchFor(/^ssh /);
  silentSshServer.on('connection', (socket) => {
    socket.on('error', () => undefined);
    void seen.then(() => socket.destroy());
  });
  const [outcome] = await Promise.all([promote('ssh'), seen]);
  expect(outcome).toMatchObject({ state: 'failed', code: 'network' });
});

it('events with a wrong signature, and with none, are refused', async () => {
  const event = installation.sign({ version: '1.1.0' }, 'another key');
  for (const headers of [event.headers, { 'Content-Type': 'application/json' }]) {
    const answer = await post({ ...event, headers });
    expect(answer.status).toBe(401);
    answers.push(await wholeOf(answer));
  }
});

describe('after all of that, no secret is to be found in', () => {
  it('nothing but the Secrets, where the test finds what it looks for', async () => {
    const file = join(installation.pipelinesDir, 'basic.yaml');
    expect(canaries.foundIn(await readFile(file, 'utf8'))).toEqual(['token', 'username']);
  });

  it('the output of either program, at the level debug', () => {
    expect(api.output()).toContain('webhook request');
    expect(worker.output()).toContain('bad-credentials');
    expect(canaries.foundIn(api.output() + worker.output())).toEqual([]);
  });

  it('the HTTP answers', () => {
    expect(answers.length).toBeGreaterThan(10);
    expect(canaries.foundIn(answers.join('\n'))).toEqual([]);
  });

  it('the command lines of git and ssh', () => {
    expect(commandLines.length).toBeGreaterThan(6);
    expect(canaries.foundIn(commandLines.join('\n'))).toEqual([]);
  });

  it('the histories of the workflows, failures included', async () => {
    const histories = await workflowHistories(installation.client);
    const lanesAndPromotions = [...histories.keys()].filter((id) => /^(lane|promotion)\//.test(id));
    expect(lanesAndPromotions).toHaveLength(2 * Object.keys(secrets).length);
    const leaks = [...histories].map(([id, text]) => [id, canaries.foundIn(text)]);
    expect(leaks.filter(([, found]) => found?.length !== 0)).toEqual([]);
    expect([...histories.values()].join('\n')).toContain('bad-credentials');
  });

  it('the metrics', async () => {
    for (const program of [api, worker]) {
      const answer = await fetch((await program.ready).metrics ?? '');
      expect(canaries.foundIn(await answer.text())).toEqual([]);
    }
  });

  it.each(['data', 'forge'])('the files below %s', async (name) => {
    const files = await filesBelow(join(installation.directory, name));
    expect(files.size).toBeGreaterThan(10);
    const leaks = [...files].map(([path, text]) => [path, canaries.foundIn(text)]);
    expect(leaks.filter(([, found]) => found?.length !== 0)).toEqual([]);
  });

  it('what is left in the memory file system', async () => {
    const files = existsSync('/dev/shm') ? await filesBelow('/dev/shm') : new Map<string, string>();
    const leaks = [...files].filter(([, text]) => canaries.foundIn(text).length > 0);
    expect(leaks.map(([path]) => path)).toEqual([]);
  });
});
