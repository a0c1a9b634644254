/** What acts send, and that a repeated one is sent once. */
import { type HandlerParts } from '../../../src/api/operator/handlers/handler-parts';
import { type Claim } from '../../../src/domain/capability/claim';
import { emptyLane, type LaneState } from '../../../src/domain/lane/lane-state';
import { ActRefused, NoWorkerAnswers, type OperatorActs } from '../../../src/temporal/operator-acts';
import { TemporalUnavailable } from '../../../src/temporal/lane-reporter';
import { deployment } from '../../support/events';
import { memoryStore } from '../../support/memory-store';
import { samplePipeline } from '../../support/sample-pipeline';
import {
  all,
  type RunningOperatorApi,
  startTestOperatorApi,
  tokenOf,
} from '../../support/operator-api-server';

const ref = { namespace: 'pipelines', name: 'my-app' };
const manualPipeline = {
  ...samplePipeline,
  environments: samplePipeline.environments.map((each) =>
    each.name === 'prod'
      ? { ...each, promotion: { manual: true, strategy: { kind: 'notification' as const } } }
      : each,
  ),
};
const prod = '/pipelines/pipelines/my-app/environments/prod';

function inProgress(version: string): LaneState {
  const event = deployment({ pipeline: ref, version, environment: 'staging' });
  return {
    ...emptyLane(ref, 'prod'),
    inHand: { action: 'promote', pipeline: ref, from: 'staging', to: 'prod', version, event, start: 'new' },
  };
}

interface Sent {
  readonly what: string;
  readonly input: unknown;
  readonly id?: string;
}

function recording(overrides: Partial<OperatorActs> = {}): {
  readonly sent: Sent[];
  readonly acts: OperatorActs;
} {
  const sent: Sent[] = [];
  const note = (what: string, input: unknown, id?: string) =>
    void sent.push({ what, input, ...(id === undefined ? {} : { id }) });
  return {
    sent,
    acts: {
      laneState: () => Promise.resolve(inProgress('1.4.0')),
      records: () => Promise.resolve([]),
      keptRecords: () => Promise.resolve({ records: [] }),
      act: (_pipeline, environment, act) => {
        note(`act on ${environment}`, act);
        return Promise.resolve({ said: 'It is promoted.' });
      },
      approve: (promotion, decision, id) => {
        note(`approve ${promotion}`, decision, id);
        return Promise.resolve({ said: '1 of 1 approval: ada.', approvedBy: ['ada'], missing: 0 });
      },
      approveManual: (promotion, approval, id) => {
        note(`approve manually ${promotion}`, approval, id);
        return Promise.resolve();
      },
      reject: (promotion, decision, id) => {
        note(`reject ${promotion}`, decision, id);
        return Promise.resolve('1.4.0 is not promoted into prod.');
      },
      override: (promotion, override, id) => {
        note(`override ${promotion}`, override, id);
        return Promise.resolve('Open for 1.4.0 into prod: windows.');
      },
      taken: () => Promise.resolve(undefined),
      record: () => Promise.resolve(),
      ...overrides,
    },
  };
}

let api: RunningOperatorApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(parts: Partial<HandlerParts>): Promise<RunningOperatorApi> {
  api = await startTestOperatorApi(parts);
  return api;
}

const keyed = (key: string) => ({ 'Idempotency-Key': key });

it('an approval names who approves, the version and the commit, and is signed for this promotion', async () => {
  const { sent, acts } = recording();
  const signed: Claim[] = [];
  const { request, log } = await start({
    acts,
    signer: {
      sign: (claim) => {
        signed.push(claim);
        return 'signed';
      },
    },
  });
  const head = 'a'.repeat(40);
  const token = tokenOf('ada', ['approve']);
  const response = await request('POST', `${prod}/approve`, {
    token,
    body: { version: '1.4.0', head, comment: 'ok\n!' },
  });
  expect(await response.json()).toMatchObject({
    said: '1.4.0 is approved. 1 of 1 approval: ada.',
    by: { name: 'ada' },
    repeated: false,
  });
  const [{ what, input } = { what: '' }] = sent;
  const promotion = what.replace('approve ', '');
  expect(promotion).toMatch(/^promotion\/pipelines\/my-app\/prod\/1\.4\.0\//);
  expect(input).toMatchObject({ version: '1.4.0', by: 'ada', head, via: 'token', capability: 'signed' });
  expect(signed).toMatchObject([
    {
      kind: 'approve',
      promotion,
      version: '1.4.0',
      head,
      actor: { name: 'ada', via: 'token', from: '127.0.0.1' },
    },
  ]);
  const line = { kind: 'approved', by: 'ada', from: '127.0.0.1', version: '1.4.0', ...placeOf('prod') };
  const { key } = input as { readonly key: string };
  expect(audits(log)).toMatchObject([
    { ...line, detail: 'ok !', key, outcome: 'asked' },
    { ...line, detail: 'ok !', key, outcome: 'done' },
  ]);
});

const audits = (log: RunningOperatorApi['log']): unknown[] =>
  log.flatMap(({ audit }) => (audit === undefined ? [] : [audit]));

it('a decision carries to the record from where, with which groups, why and under which key it was made', async () => {
  const { sent, acts } = recording({
    approve: () => Promise.reject(new ActRefused('This promotion does not wait for approvals.')),
  });
  const { request } = await start({ acts, store: memoryStore([manualPipeline]) });
  const origin = { by: 'root', groups: ['everything', 'everywhere'], via: 'token', from: '127.0.0.1' };
  const key = expect.stringMatching(/^[0-9a-f]{32}$/);
  await request('POST', `${prod}/approve`, { token: all, body: { version: '1.4.0', comment: 'tested' } });
  await request('POST', `${prod}/override`, {
    token: all,
    body: { version: '1.4.0', gates: ['windows'], reason: 'hotfix' },
  });
  expect(sent.map(({ input }) => input)).toEqual([
    { version: '1.4.0', ...origin, comment: 'tested', key },
    { version: '1.4.0', gates: ['windows'], reason: 'hotfix', ...origin, key },
  ]);
});

it.each([
  ['refused', new ActRefused('No.')],
  ['unanswered', new NoWorkerAnswers('No worker answered.')],
  ['unanswered', new TemporalUnavailable('Temporal is away.')],
])('an act is in the log before it is sent, and then that it was %s', async (outcome, error) => {
  let before: unknown;
  const { acts } = recording({
    act: () => {
      before = audits(log);
      return Promise.reject(error);
    },
  });
  const { request, log } = await start({ acts });
  await request('POST', `${prod}/promote`, { token: all, body: { version: '2.0.0', reason: 'hotfix' } });
  const line = { kind: 'promote-requested', by: 'root', version: '2.0.0', detail: 'hotfix' };
  expect(before).toMatchObject([{ ...line, outcome: 'asked' }]);
  expect(audits(log)).toMatchObject([{ outcome: 'asked' }, { ...line, outcome }]);
});

const placeOf = (environment: string) => ({ namespace: 'pipelines', pipeline: 'my-app', environment });

it('another version than the one in progress is a conflict, and nothing is sent', async () => {
  const { sent, acts } = recording();
  const { request } = await start({ acts });
  const response = await request('POST', `${prod}/approve`, { token: all, body: { version: '1.3.0' } });
  expect([response.status, await response.json()]).toMatchObject([
    409,
    { detail: expect.stringContaining('1.4.0') },
  ]);
  expect(sent).toEqual([]);
});

it('the same request with the same key is sent once, also at the same time, and is answered alike', async () => {
  const { sent, acts } = recording();
  const { request } = await start({ acts });
  const ask = (token = all, body: object = { version: '2.0.0' }) =>
    request('POST', `${prod}/promote`, { token, body, headers: keyed('one') });
  const [first, second] = await Promise.all([ask(), ask()]);
  const answers = [await first.json(), await second.json()] as { readonly repeated: boolean }[];
  expect(answers.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
  expect(sent).toHaveLength(1);
  // Someone else's key, and another request, are other acts.
  await ask(tokenOf('ada', ['promote']));
  await ask(all, { version: '2.0.1' });
  expect(sent).toHaveLength(3);
  expect(new Set(sent.map(({ input }) => (input as { readonly key: string }).key)).size).toBe(3);
});

/** As after a restart: nothing is in memory. */
async function repeated(
  overrides: Partial<OperatorActs>,
  body: object = { version: '1.4.0', comment: 'broken' },
) {
  const { sent, acts } = recording({
    laneState: () => Promise.resolve({ ...emptyLane(ref, 'prod'), held: [rejected('1.4.0')] }),
    ...overrides,
  });
  const running = await startTestOperatorApi({ acts });
  const response = await running.request('POST', `${prod}/reject`, {
    token: all,
    body,
    headers: keyed('lost'),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  await running.close();
  return {
    sent,
    status: response.status,
    answer,
    audits: running.log.filter(({ audit }) => audit !== undefined),
  };
}

const rejected = (version: string) => {
  const { inHand } = inProgress(version);
  return { version, because: 'rejected' as const, at: 1, ...(inHand === undefined ? {} : { task: inHand }) };
};

it('a rejection that ended its promotion is repeated as what it was, also by another process', async () => {
  const asked: string[][] = [];
  const { sent, status, answer, audits } = await repeated({
    taken: (promotion, updateId) => {
      asked.push([promotion, updateId]);
      return Promise.resolve({ answer: '1.4.0 is not promoted into prod.' });
    },
  });
  expect([status, answer]).toMatchObject([200, { said: '1.4.0 is not promoted into prod.', repeated: true }]);
  expect([sent, audits]).toEqual([[], []]);
  expect(asked).toEqual([
    [
      expect.stringMatching(/^promotion\/pipelines\/my-app\/prod\/1\.4\.0\//),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ],
  ]);
  expect(answer['promotion']).toBe(asked[0]?.[0]);
});

it('a decision is found in the record of the lane, where its promotion is not known any more', async () => {
  let key = '';
  const { status, answer } = await repeated({
    laneState: () => Promise.resolve({ ...emptyLane(ref, 'prod'), held: [rejected('1.4.0')] }),
    taken: (_promotion, updateId) => {
      key ||= updateId;
      return Promise.resolve(undefined);
    },
    records: () => Promise.resolve([{ kind: 'rejected', at: 7, version: '1.4.0', key }]),
  });
  expect([status, answer]).toMatchObject([
    200,
    { said: '1.4.0 is not promoted into prod.', at: '1970-01-01T00:00:00.007Z', repeated: true },
  ]);
});

it('a decision that was never made is refused, although its key is known to no one', async () => {
  const { status, answer } = await repeated({});
  expect([status, answer]).toMatchObject([
    409,
    { detail: expect.stringContaining('No promotion into prod') },
  ]);
});

it('what failed can be tried again with the same key', async () => {
  let tries = 0;
  const { acts } = recording({
    act: () => {
      tries += 1;
      return tries === 1
        ? Promise.reject(new NoWorkerAnswers('No worker answered.'))
        : Promise.resolve({ said: 'Done.' });
    },
  });
  const { request } = await start({ acts });
  const ask = () =>
    request('POST', `${prod}/promote`, { token: all, body: { version: '2' }, headers: keyed('k') });
  expect((await ask()).status).toBe(503);
  expect(await (await ask()).json()).toMatchObject({ said: 'Done.', repeated: false });
});

it.each([
  [new ActRefused('There is no failed promotion.'), 409, 'conflict'],
  [new NoWorkerAnswers('No worker answered within 10 s.'), 503, 'no-worker'],
  [new TemporalUnavailable('The act could not be sent.'), 503, 'unavailable'],
  [new Error('boom at line 3'), 500, 'internal'],
])('%s is answered with %i %s', async (error, status, code) => {
  const { request } = await start({ acts: recording({ act: () => Promise.reject(error) }).acts });
  const response = await request('POST', `${prod}/retry`, { token: all, body: {} });
  expect([response.status, await response.json()]).toMatchObject([status, { code }]);
  const text = JSON.stringify(
    await (await request('POST', `${prod}/retry`, { token: all, body: {} })).json(),
  );
  expect(text).not.toContain('line 3');
});

it('a rollback tells the lane which environment is next, and a promotion where it comes from', async () => {
  const { sent, acts } = recording();
  const { request } = await start({ acts });
  const staging = prod.replace('prod', 'staging');
  await request('POST', `${staging}/rollback`, { token: all, body: { version: '1.0.0', reason: 'broken' } });
  await request('POST', `${prod}/rollback`, { token: all, body: { version: '1.0.0', reason: 'broken' } });
  expect(sent).toMatchObject([
    { what: 'act on staging', input: { kind: 'rollback', source: 'dev', next: 'prod', reason: 'broken' } },
    { what: 'act on prod', input: { kind: 'rollback', source: 'staging' } },
  ]);
  expect(sent[1]?.input).not.toHaveProperty('next');
});

it('a person in hundreds of groups sends those that decide, and a bounded number of others', async () => {
  const { sent, acts } = recording();
  const groups = Array.from({ length: 500 }, (_, index) => `group-${index}`);
  const { request } = await start({
    acts,
    access: {
      authenticate: () => Promise.resolve({ known: true, caller: { name: 'ada', groups, via: 'oidc' } }),
      allows: () => Promise.resolve(true),
    },
  });
  await request('POST', `${prod}/approve`, { token: 'any', body: { version: '1.4.0' } });
  const { groups: kept = [] } = sent[0]?.input as { readonly groups?: readonly string[] };
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.length).toBeLessThanOrEqual(100);
});

it("the groups that the Pipeline or the operator's policy names come before all others", async () => {
  const { sent, acts } = recording();
  const groups = Array.from({ length: 200 }, (_, index) => `group-${index}`);
  const rule = (name: string, environments: readonly string[], group: string) => ({
    name,
    environments,
    gates: { approvals: { required: 1, groups: [group] } },
  });
  const { request } = await start({
    acts,
    access: {
      authenticate: () => Promise.resolve({ known: true, caller: { name: 'ada', groups, via: 'oidc' } }),
      allows: () => Promise.resolve(true),
    },
    policy: () => ({
      rules: [rule('here', ['pro*'], 'group-199'), rule('elsewhere', ['staging'], 'group-198')],
    }),
  });
  await request('POST', `${prod}/approve`, { token: 'any', body: { version: '1.4.0' } });
  const { groups: kept = [] } = sent[0]?.input as { readonly groups?: readonly string[] };
  expect(kept).toHaveLength(100);
  expect(kept).toContain('group-199');
  expect(kept).not.toContain('group-198');
});

it('a key that is no visible text is refused', async () => {
  const { request } = await start({ acts: recording().acts });
  const headers = keyed('x'.repeat(129));
  const response = await request('POST', `${prod}/retry`, { token: all, body: {}, headers });
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'bad-request' }]);
});
