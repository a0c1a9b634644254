import { TemporalUnavailable } from '../../../src/temporal/lane-reporter';
import { WindlassError } from '../../../src/domain/errors';
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { fluxBody, sign } from '../../support/flux-request';
import { eventually } from '../../support/eventually';
import { createGate } from '../../support/gate';
import { memoryStore } from '../../support/memory-store';
import { samplePipeline } from '../../support/sample-pipeline';
import { type RunningWebhook, recordingLanes, startWebhook, webhookKey } from '../../support/webhook';

let webhook: RunningWebhook;
const start = async (overrides: Parameters<typeof startWebhook>[0] = {}): Promise<RunningWebhook> => {
  webhook = await startWebhook(overrides);
  return webhook;
};
afterEach(() => webhook.close());

const post = (body = fluxBody(), path?: string) =>
  webhook.post({ body, signature: sign(webhookKey, body), ...(path === undefined ? {} : { path }) });

async function expectProblem(response: Response, status: number, detail: string): Promise<void> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.has('retry-after')).toBe(false);
  expect(await response.json()).toEqual({ title: expect.any(String), status, detail });
  expect(response.status).toBe(status);
}

describe('202 accepted', () => {
  it('names the lane and the event, which Temporal has by then', async () => {
    const { lanes } = await start();
    const response = await post();
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      status: 'accepted',
      lane: 'lane/pipelines/my-app/staging',
      event: lanes.reported[0]?.event.identity,
    });
    expect(lanes.reported).toMatchObject([{ to: 'staging', event: { version: '1.2.4' }, deadlineMs: 6_000 }]);
  });

  it('answers a second delivery alike, under the same identity', async () => {
    const { lanes } = await start();
    expect(await (await post()).json()).toEqual(await (await post()).json());
    expect(lanes.reported).toHaveLength(2);
  });

  it('waits for Temporal: nothing is acknowledged that is not recorded', async () => {
    const recorded = createGate();
    const called = createGate();
    let answered = false;
    await start({
      lanes: {
        ...recordingLanes(),
        report: () => {
          called.open();
          return recorded.opened.then(() => ({ lane: 'lane' }));
        },
      },
    });
    const response = post().then((r) => {
      answered = true;
      return r;
    });
    await called.opened;
    expect(answered).toBe(false);
    recorded.open();
    expect((await response).status).toBe(202);
  });

  it('reads names out of the path decoded', async () => {
    const environments = samplePipeline.environments.map((e) =>
      e.name === 'dev' ? { ...e, name: 'dev/eu 1' } : e,
    );
    const { lanes } = await start({
      store: memoryStore([{ ...samplePipeline, environments }], {
        'pipelines/webhook': { 'hmac-key': webhookKey },
      }),
    });
    expect((await post(fluxBody(), '/promotion/pipelines/my-app/dev%2Feu%201')).status).toBe(202);
    expect(lanes.reported).toMatchObject([{ event: { environment: 'dev/eu 1' } }]);
  });

  it('takes a query string, which an address in a Provider may have', async () => {
    await start();
    expect((await post(fluxBody(), '/promotion/pipelines/my-app/dev?cluster=a')).status).toBe(202);
  });
});

describe('202 ignored', () => {
  it.each([
    [
      'a failed upgrade',
      'dev',
      fluxBody(['"UpgradeSucceeded"', '"UpgradeFailed"']),
      'only InstallSucceeded and UpgradeSucceeded promote, not UpgradeFailed',
    ],
    [
      'a stale event',
      'dev',
      fluxBody(['2026-11-23', '2026-11-21']),
      'stale: the event is of 2026-11-21T07:59:37.000Z',
    ],
  ])('%s, with the reason in words', async (_name, environment, body, reason) => {
    const { lanes } = await start();
    const response = await post(body, `/promotion/pipelines/my-app/${environment}`);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ status: 'ignored', reason });
    expect(lanes.reported).toEqual([]);
    expect(lanes.facts).toEqual([]);
  });

  it('the last environment, where nothing is promoted into it either', async () => {
    const { promotion, environments, ...bare } = samplePipeline;
    const pipeline = {
      ...bare,
      environments: environments.map((each) =>
        each.name === 'staging' ? { ...each, promotion: promotion! } : each,
      ),
      allowUnsigned: true,
    };
    const { lanes } = await start({ store: memoryStore([pipeline]) });
    const response = await webhook.post({ body: fluxBody(), path: '/promotion/pipelines/my-app/prod' });
    expect(await response.json()).toEqual({
      status: 'ignored',
      reason: 'cannot promote beyond last environment prod',
    });
    expect(lanes.facts).toEqual([]);
  });
});

const failedTest = fluxBody(
  ['"UpgradeSucceeded"', '"TestFailed"'],
  ['"severity":"info"', '"severity":"error"'],
  ['upgrade succeeded', 'test failed'],
  ['my-app@1.2.4', 'my-app@1.2.4: 1 error occurred'],
);

describe('202 recorded', () => {
  it.each([
    ['what the last environment runs', 'prod', fluxBody(), 'prod', 'prod runs 1.2.4'],
    [
      'that it went back',
      'prod',
      fluxBody(['"UpgradeSucceeded"', '"RollbackSucceeded"']),
      'prod',
      'prod went back to 1.2.4',
    ],
    ['a failed test', 'staging', failedTest, 'staging', 'the Helm tests of 1.2.4 failed in staging'],
    [
      'a test that passed',
      'dev',
      fluxBody(['"UpgradeSucceeded"', '"TestSucceeded"']),
      'staging',
      'the Helm tests of 1.2.4 passed in dev',
    ],
  ])('%s, with the lane and the meaning', async (_name, environment, body, lane, meaning) => {
    const { lanes, log } = await start();
    const response = await post(body, `/promotion/pipelines/my-app/${environment}`);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      status: 'recorded',
      lane: `lane/pipelines/my-app/${lane}`,
      meaning,
    });
    expect(lanes.reported).toEqual([]);
    expect(log).toMatchObject([{ outcome: 'recorded', detail: meaning, version: '1.2.4' }]);
  });

  it('of a test: in the lanes into the environment and out of it', async () => {
    const { lanes } = await start();
    await post(failedTest, '/promotion/pipelines/my-app/staging');
    expect(lanes.facts).toMatchObject([
      { into: 'staging', deadlineMs: 6_000, fact: { kind: 'tests-failed', environment: 'staging' } },
      { into: 'prod', deadlineMs: 6_000, fact: { kind: 'tests-failed', environment: 'staging' } },
    ]);
  });
});

describe('an event with a report and a fact', () => {
  const staging = '/promotion/pipelines/my-app/staging';

  it('is recorded in both lanes, and answered as a report', async () => {
    const { lanes } = await start();
    const response = await post(fluxBody(), staging);
    expect(await response.json()).toEqual({
      status: 'accepted',
      lane: 'lane/pipelines/my-app/prod',
      event: lanes.reported[0]?.event.identity,
    });
    expect(lanes.reported).toMatchObject([{ to: 'prod' }]);
    expect(lanes.facts).toMatchObject([{ into: 'staging', fact: { kind: 'deployed' } }]);
  });

  it('is one call of the first environment, as it has no lane', async () => {
    const { lanes } = await start();
    await post();
    expect([lanes.reported.length, lanes.facts.length]).toEqual([1, 0]);
  });

  it.each(['report', 'recordFact'] as const)('is not acknowledged where %s fails', async (method) => {
    const away = (): Promise<never> => Promise.reject(new TemporalUnavailable('No connection.'));
    await start({ lanes: { ...recordingLanes(), [method]: away } });
    await expectProblem(
      await post(fluxBody(), staging),
      503,
      'cannot record the event at the moment: try again.',
    );
  });

  it('is recorded at the same time in both lanes', async () => {
    const recorded = createGate();
    const called: string[] = [];
    const record = (name: string) => () => {
      called.push(name);
      return recorded.opened.then(() => ({ lane: 'lane' }));
    };
    await start({
      lanes: { ...recordingLanes(), report: record('report'), recordFact: record('fact') },
    });
    const response = post(fluxBody(), staging);
    await eventually(() => called.length === 2);
    recorded.open();
    expect((await response).status).toBe(202);
  });

  it('counts once for the rate limit', async () => {
    await start({ limit: { value: 2, intervalMs: 30_000 } });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await post(fluxBody(), staging)).status);
    expect(statuses).toEqual([202, 202, 429]);
  });
});

describe('422', () => {
  it.each([
    [
      'no revision',
      'dev',
      fluxBody(['"revision"', '"r"']),
      "event has no 'revision' in the metadata field. Expected a string, received nothing.",
    ],
    [
      'no such environment',
      'qa',
      fluxBody(),
      'app pipelines/my-app has no environment qa defined: it has dev, staging, prod',
    ],
    [
      'another object',
      'dev',
      fluxBody(['"name":"my-app"', '"name":"other"']),
      'involved object does not match Pipeline definition: name is other, expected my-app',
    ],
    ['no JSON', 'dev', 'version=1.2.3', 'the body is not JSON in UTF-8.'],
    ['an empty body', 'dev', '', 'the body is not JSON in UTF-8.'],
  ])('%s, in the sentence that Flux then shows', async (_name, environment, body, sentence) => {
    const { lanes } = await start();
    await expectProblem(await post(body, `/promotion/pipelines/my-app/${environment}`), 422, sentence);
    expect(lanes.reported).toEqual([]);
  });

  it('an environment without targets', async () => {
    const bare: Pipeline = {
      ...samplePipeline,
      environments: samplePipeline.environments.map(({ name }) => ({ name, targets: [] })),
    };
    await start({ store: memoryStore([bare], { 'pipelines/webhook': { 'hmac-key': webhookKey } }) });
    await expectProblem(await post(), 422, 'environment dev has no targets');
  });
});

describe('404 and 405', () => {
  it.each([
    '/',
    '/promotion',
    '/promotion/',
    '/promotion/pipelines/my-app',
    '/promotion/pipelines/my-app/',
    '/promotion/pipelines/my-app/dev/',
    '/promotion/pipelines/my-app/dev/extra',
    '/promotion//my-app/dev',
    '/Promotion/pipelines/my-app/dev',
    '/prefix/promotion/pipelines/my-app/dev',
    '/approval/pipelines/my-app/dev',
    '/approval/pipelines/my-app/dev/1.2.4/',
    '/readyz',
  ])('no such route: %s', async (path) => {
    await start();
    await expectProblem(
      await post(fluxBody(), path),
      404,
      'no such path: post to /promotion/{namespace}/{pipeline}/{environment}.',
    );
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('wrong method: %s', async (method) => {
    await start();
    const response = await webhook.post({ body: fluxBody(), method });
    expect(response.headers.get('allow')).toBe('POST');
    await expectProblem(response, 405, 'this path accepts only POST.');
  });

  it('a percent escape that is none', async () => {
    await start();
    await expectProblem(
      await post(fluxBody(), '/promotion/pipelines/my-app/%E0%A4%A'),
      400,
      'the path has a malformed percent escape.',
    );
  });
});

describe('503', () => {
  it('Temporal away: the sender retries, and is not told when', async () => {
    const away = (): Promise<never> =>
      Promise.reject(new TemporalUnavailable('connect ECONNREFUSED 127.0.0.1:7233.'));
    const { log } = await start({ lanes: { ...recordingLanes(), report: away } });
    await expectProblem(await post(), 503, 'cannot record the event at the moment: try again.');
    expect(log).toMatchObject([{ outcome: 'temporal-unavailable', detail: expect.stringContaining('7233') }]);
  });

  it('the store not synced', async () => {
    const unsynced = (): Promise<never> =>
      Promise.reject(new WindlassError('store-unavailable', 'Not synced yet.'));
    await start({ store: { ...memoryStore([]), pipeline: unsynced } });
    await expectProblem(await post(), 503, 'cannot record the event at the moment: try again.');
  });
});

describe('a fault of our own', () => {
  it('is a 500 that shows nothing of it, so that the sender retries', async () => {
    const broken = (): Promise<never> => Promise.reject(new TypeError('undefined is not a secret'));
    const { log } = await start({ lanes: { ...recordingLanes(), report: broken } });
    await expectProblem(await post(), 500, 'an internal error in windlass: try again.');
    expect(JSON.stringify(log)).toContain('undefined is not a secret');
  });
});

describe('every answer', () => {
  it('is without a word of what makes it', async () => {
    await start();
    const answers = [
      await post(),
      await post(fluxBody(), '/'),
      await webhook.post({ body: fluxBody(), method: 'GET' }),
    ];
    expect(answers.map(({ headers }) => headers.get('x-powered-by') ?? headers.get('etag'))).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('the log', () => {
  it('has one line for each request, which finds the event again in Temporal', async () => {
    const { lanes, log } = await start();
    await post();
    await post(fluxBody(['"UpgradeSucceeded"', '"DriftCorrected"']));
    const line = {
      pipeline: 'pipelines/my-app',
      environment: 'dev',
      client: '127.0.0.1',
      ms: expect.any(Number),
    };
    expect(log).toMatchObject([
      {
        ...line,
        status: 202,
        outcome: 'accepted',
        event: lanes.reported[0]?.event.identity.slice(0, 12),
        version: '1.2.4',
      },
      { ...line, status: 202, outcome: 'not-a-promotion', detail: expect.stringContaining('DriftCorrected') },
    ]);
  });

  it('keeps endless names out', async () => {
    const { log } = await start();
    await post(fluxBody(), `/promotion/${'n'.repeat(5_000)}/p/${'e'.repeat(5_000)}`);
    expect(JSON.stringify(log).length).toBeLessThan(1_000);
  });
});

describe('/healthz on the webhook', () => {
  it('answers, as the original did', async () => {
    await start();
    const response = await webhook.post({ body: '', method: 'GET', path: '/healthz' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('ok\n');
  });

  it('takes no other method', async () => {
    await start();
    const response = await webhook.post({ body: '', path: '/healthz' });
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(response.status).toBe(405);
  });
});
