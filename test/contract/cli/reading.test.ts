import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';
import * as examples from '../../support/operator-examples';
import { openPlace, type Place } from './home';

let place: Place;
beforeEach(async () => {
  place = await openPlace();
  place.api.answer('listPipelines', examples.pipelines);
  place.api.answer('getPipeline', examples.pipeline);
  place.api.answer('listPromotions', examples.promotions);
  place.api.answer('getPromotion', examples.promotion);
  place.api.answer('listFreezes', examples.freezes);
  place.api.answer('audit', examples.audit);
  place.api.answer('me', examples.me);
});
afterEach(() => place.close());

describe('windlass get pipelines', () => {
  it('shows what runs where, what comes next, and why it waits', async () => {
    const { out, err, code } = await place.run('get pipelines');
    expect(out).toBe(`\
PIPELINE      ENVIRONMENT   RUNS    NEXT    STATE                  CHANGED   MESSAGE
apps/shop     dev           1.4.1   -       -                      -         Runs 1.4.1.
apps/shop     prod          1.3.0   1.4.1   waiting-for-approval   174m      1.4.1 waits for 1 more approval.
apps/broken   -             -       -       -                      -         invalid: spec.environments is empty`);
    expect([err, code]).toEqual(['', 0]);
  });

  it('fits the terminal of a person, in color', async () => {
    const { out } = await place.run('get pipelines', { columns: 96, color: true });
    const lines = stripVTControlCharacters(out).split('\n');
    expect(out).toContain('\u001b[33mwaiting-for-approval');
    expect(lines[2]).toMatch(/1\.4\.1 waits for 1 …$/);
    expect(lines.map((line) => line.length).filter((length) => length > 96)).toEqual([]);
  });

  it('shows more with wide', async () => {
    const { out } = await place.run('get pipelines -o wide --no-headers');
    expect(out.split('\n')[1]).toContain('1.4.2   1.2.9   https://git.example.com/fleet/pull/7');
    expect(out).not.toContain('PIPELINE');
  });

  it('prints the answer of the API as JSON and as YAML', async () => {
    expect(JSON.parse((await place.run('get pipelines -o json')).out)).toEqual(examples.pipelines);
    expect(parse((await place.run('get pipelines -o yaml')).out)).toEqual(examples.pipelines);
  });

  it('prints names for other commands', async () => {
    expect((await place.run('get pipelines -o name')).out).toBe('apps/shop\napps/broken');
  });

  it('asks for what was asked of it', async () => {
    const flags =
      '-n apps -l team=a -l tier=b --search sh --environment prod --version 1.4.1 --state open --sort waiting';
    const { out } = await place.run(`get pipelines ${flags} --limit 7`);
    expect(place.api.requests[0]?.query).toEqual({
      namespace: 'apps',
      label: ['team=a', 'tier=b'],
      search: 'sh',
      environment: 'prod',
      version: '1.4.1',
      state: 'open',
      sort: 'waiting',
      limit: '7',
    });
    expect(out).not.toContain(' dev ');
  });

  it('prints the environments that fit what is asked for, and no others', async () => {
    for (const asked of ['--state waiting', '--version 1.3.0']) {
      const { out } = await place.run(`get pipelines --no-headers ${asked}`);
      expect(out).toMatch(/^apps\/shop +prod .*$/);
    }
  });

  it('--mine asks for what waits for the caller, and prints those environments alone', async () => {
    const { out } = await place.run('get pipelines --no-headers --mine');
    expect(place.api.requests.map(({ query }) => query)).toMatchObject([{ mine: 'true' }]);
    expect(out).toMatch(/^apps\/shop +prod .*$/);
  });

  it('reads all pages', async () => {
    const [shop, broken] = examples.pipelines.items;
    const { asOf, workers } = examples.pipelines;
    place.api.reply(
      'listPipelines',
      { answer: { items: [shop], next: 'abc', asOf, workers } },
      ({ query }) => ({ answer: { items: query['cursor'] === 'abc' ? [broken] : [], asOf, workers } }),
    );
    expect((await place.run('get pipelines -o name')).out).toBe('apps/shop\napps/broken');
  });

  it('says that no worker runs, and how old the answer is', async () => {
    place.api.answer('listPipelines', {
      ...examples.pipelines,
      items: [],
      asOf: '2026-11-28T11:50:00Z',
      workers: 'silent',
      workersAt: '2026-11-28T11:59:20Z',
    });
    const { out, err } = await place.run('get pipelines');
    expect(out).toBe('');
    expect(err).toBe(`\
No Pipelines found.
No worker has answered for 40s: nothing changes until one does.
This is how it was 10m ago: the server has not reached Temporal since.`);
  });

  it('--watch prints the rows that change', async () => {
    const [shop, broken] = examples.pipelines.items;
    const [dev, prod] = shop!.environments;
    const merged = { ...prod!, sentence: '1.4.1 is merged.' };
    place.api.reply(
      'listPipelines',
      { answer: examples.pipelines },
      { answer: { ...examples.pipelines, items: [{ ...shop, environments: [dev, merged] }, broken] } },
    );
    const data = JSON.stringify({ namespace: 'apps', pipeline: 'shop', environment: merged });
    place.api.reply('events', { stream: `id: 1\nevent: environment\ndata: ${data}\n\n` }, ({ lastEventId }) =>
      // Until the list was read again.
      place.api.requests.filter(({ route }) => route === 'listPipelines').length > 1
        ? { problem: 'forbidden', status: 403, detail: `Enough after ${String(lastEventId)}.` }
        : { stream: ': waiting\n\n' },
    );
    const { out, err, code } = await place.run('get pipelines --watch');
    expect(out.split('\n').slice(4)).toEqual([
      'apps/shop     prod          1.3.0   1.4.1   waiting-for-approval   174m      1.4.1 is merged.',
    ]);
    expect([err, code]).toEqual(['windlass: Enough after 1.', 3]);
    expect(place.api.requests.some(({ lastEventId }) => lastEventId === '1')).toBe(true);
  });
});

describe('windlass get promotions', () => {
  it('lists them with their ids', async () => {
    expect((await place.run('get promotions')).out).toBe(`\
PIPELINE    ENVIRONMENT   VERSION   STATE                  AGE    ID
apps/shop   prod          1.4.1     waiting-for-approval   175m   promotion/apps/shop/prod/1.4.1/0a1b2c3d4e5f`);
  });

  it('asks for what was asked of it', async () => {
    await place.run(
      'get promotions --pipeline apps/shop --environment prod --state failed --actor a --since 12h',
    );
    expect(place.api.requests[0]?.query).toEqual({
      pipeline: 'apps/shop',
      environment: 'prod',
      state: 'failed',
      actor: 'a',
      since: '2026-11-28T00:00:00.000Z',
      limit: '100',
    });
  });

  it('refuses a state that there is not', async () => {
    const { code, err } = await place.run('get promotions --state gone');
    expect(code).toBe(2);
    expect(err).toContain('The state is invalid');
    expect(place.api.requests).toEqual([]);
  });
});

it('windlass get freezes shows what they hold', async () => {
  const { out } = await place.run('get freezes --all');
  expect(out).toBe(`\
FREEZE                       IN FORCE   FROM                   UNTIL                  HOLDS                     BY           REASON
apps/windlass-0a1b2c3d4e5f   yes        2026-12-20T00:00:00Z   2027-01-04T00:00:00Z   all Pipelines into prod   oidc:alice   Holidays`);
  expect(place.api.requests[0]?.query).toEqual({ all: 'true' });
});

describe('windlass describe', () => {
  it('pipeline shows it environment by environment', async () => {
    const { out } = await place.run('describe pipeline apps/shop');
    expect(out).toBe(`\
Name:         shop
Namespace:    apps
Application:  HelmRelease shop
Labels:       team=a
Valid:        yes
Suspended:    no

dev
  Message:   Runs 1.4.1.
  Runs:      1.4.1 on shop-dev/shop, reported 3h ago
  Strategy:  none
  Targets:   shop-dev

prod
  Message:       1.4.1 waits for 1 more approval.
  State:         waiting-for-approval
  Runs:          1.3.0 on shop-prod/shop, reported 8d ago
  Next:          1.4.1 from staging, since 175m ago
  Promotion:     promotion/apps/shop/prod/1.4.1/0a1b2c3d4e5f
  Pull request:  https://git.example.com/fleet/pull/7
  Queued:        1.4.2
  Held:          1.2.9: rejected by oidc:bob 27d ago
  Last:          1.3.0 deployed, 8d ago
  Strategy:      pull-request
  Targets:       eu: shop-prod
  Gates:
    2 approvals
  Can be rolled back to:
    1.2.0, 18d ago
    1.1.0, 49d ago`);
  });

  it('promotion shows its times, attempts, gates and people', async () => {
    const { out } = await place.run(['describe', 'promotion', examples.promotion.id]);
    expect(place.api.requests[0]?.params).toEqual({ id: examples.promotion.id });
    expect(out).toContain('State:         waiting-for-approval');
    expect(out).toContain('approvals: 1 of 2 approvals. Approved by oidc:bob.');
    expect(out).toContain('oidc:alice, 2026-11-28T10:00:00Z');
    expect(out).toContain('git.example.com cannot be reached.');
    expect(out).toContain('Temporal:  http://127.0.0.1:8233/namespaces/default/workflows/x');
  });

  it.each(['apps', 'apps/shop/prod', 'Apps/shop', 'apps/../me'])('refuses %s as a name', async (name) => {
    const { code, err } = await place.run(['describe', 'pipeline', name]);
    expect([code, place.api.requests]).toEqual([2, []]);
    expect(err).toContain('write it as NAMESPACE/NAME');
  });
});

describe('windlass why', () => {
  it('says the sentence, each closed gate, and who can do what', async () => {
    const { out } = await place.run('why apps/shop prod');
    expect(out).toBe(`\
1.4.1 waits for 1 more approval.

Closed gates:
  approvals: 1 of 2 approvals. Approved by oidc:bob.

You can:
  Approve 1.4.1 (permission approve)
    windlass approve apps/shop prod 1.4.1
  Reject 1.4.1 (permission approve)
    windlass reject apps/shop prod 1.4.1 --comment 'WHY'
  Cancel the promotion of 1.4.1 (permission promote)
    windlass cancel apps/shop prod 1.4.1

Someone with more permissions can:
  Open the gates for this version alone (permission break-glass)
    windlass override apps/shop prod 1.4.1 --gates approvals --reason 'WHY'`);
  });

  it('offers an approval to others, not to someone whose own adds nothing', async () => {
    const [gate] = examples.promotion.gates;
    const excluded = ['alice', 'oidc:bob'];
    place.api.answer('getPromotion', { ...examples.promotion, gates: [{ ...gate!, excluded }] });
    const { out } = await place.run('why apps/shop prod');
    expect(out).toMatch(/^You can:\n {2}Reject 1\.4\.1/m);
    expect(out).toMatch(/^Someone else can \(.*\):\n {2}Approve 1\.4\.1 \(permission approve\)\n/m);
  });

  it('says why a promotion failed', async () => {
    const resting = { ...examples.pipeline.environments[0]!, name: 'prod' };
    const failed = { version: '1.4.1', code: 'no-marker' };
    const last = {
      version: '1.4.1',
      state: 'failed',
      at: '2026-11-28T09:06:00Z',
      detail: 'No manifest has the marker.',
    };
    place.api.answer('getPipeline', {
      ...examples.pipeline,
      environments: [{ ...resting, failed, last }],
    });
    const { out } = await place.run('why apps/shop prod');
    expect(out).toContain('Reason:\n  No manifest has the marker.\n');
    expect(out).toContain('windlass retry apps/shop prod');
  });

  it('names the environments for one that is not there', async () => {
    const { code, err } = await place.run('why apps/shop production');
    expect([code, err]).toEqual([
      4,
      'windlass: apps/shop has no environment "production": it has dev, prod.',
    ]);
  });
});

describe('windlass audit', () => {
  it('lists who decided what', async () => {
    const { out, code } = await place.run('audit --since 90d --decisions --kind approved --kind rejected');
    expect(code).toBe(0);
    expect(out.split('\n')[1]).toMatch(
      /^2026-11-28T10:00:00Z {3}approved {3}apps\/shop .* oidc:alice {3}=HYPERLINK/,
    );
    expect(place.api.requests[0]?.query).toEqual({
      since: '2026-08-30T12:00:00.000Z',
      decisions: 'true',
      kind: ['approved', 'rejected'],
      limit: '10000',
    });
  });

  it('prints CSV that a spreadsheet does not run', async () => {
    const { out } = await place.run('audit -o csv');
    expect(out.split('\n').slice(0, 2)).toEqual([
      'at,kind,namespace,pipeline,environment,version,head,by,groups,via,from,detail',
      `2026-11-28T10:00:00Z,approved,apps,shop,prod,1.4.1,${'a'.repeat(40)},oidc:alice,sre dev,oidc,10.0.0.7,"'=HYPERLINK(""x""), looks good"`,
    ]);
  });

  it.each([
    ['lanes that did not answer', { silent: ['lane/apps/shop/prod'] }, 6, 'their records are missing'],
    ['more than it printed', { complete: false }, 1, 'There are more records'],
  ])('says with its exit code that there are %s', async (_what, gap, expected, says) => {
    place.api.answer('audit', { ...examples.audit, ...gap });
    const { code, err } = await place.run('audit');
    expect(code).toBe(expected);
    expect(err).toContain(says);
  });

  it('names some of many lanes that there was not enough time for, and what to do', async () => {
    const silent = Array.from({ length: 4_000 }, (_, n) => `lane/apps/shop-${n}/prod`);
    place.api.answer('audit', { ...examples.audit, silent, silence: 'time', complete: false });
    const { err, code } = await place.run('audit');
    expect(code).toBe(6);
    expect(err).toContain('lane/apps/shop-4/prod and 3995 more: their records are missing.');
    expect(err).toContain('with --pipeline, --namespace or --since');
    expect(err).not.toContain('worker');
  });

  it('says where the record of an environment begins', async () => {
    const beginnings = [
      { namespace: 'apps', pipeline: 'shop', environment: 'prod', since: '2026-10-01T00:00:00Z' },
    ];
    place.api.answer('audit', { ...examples.audit, beginnings });
    const { code, err } = await place.run('audit');
    expect([code, err]).toEqual([
      0,
      'The record of apps/shop prod begins at 2026-10-01T00:00:00Z: older lines were dropped.',
    ]);
  });
});

describe('what a server says', () => {
  it('cannot reach the terminal as escape sequences, in any format', async () => {
    const hostile = '\u001b]0;owned\u0007\u009b31m\u202e';
    const [shop] = examples.pipelines.items;
    place.api.answer('listPipelines', {
      ...examples.pipelines,
      items: [
        { ...shop!, name: `a${hostile}`, environments: [{ ...shop!.environments[0]!, sentence: hostile }] },
      ],
    });
    place.api.answer('getPipeline', { ...examples.pipeline, application: hostile });
    place.api.answer('getPromotion', { ...examples.promotion, links: { [hostile]: hostile } });
    place.api.answer('audit', {
      ...examples.audit,
      records: [{ kind: 'approved', at: examples.done.at, detail: hostile }],
    });
    place.api.reply('listFreezes', { problem: 'conflict', status: 409, detail: `No: ${hostile}` });
    const commands = [
      'get pipelines',
      'get pipelines -o json',
      'get pipelines -o yaml',
      'get pipelines -o name',
      'describe pipeline apps/shop',
      'describe promotion x',
      'audit',
      'audit -o csv',
      'get freezes',
    ];
    for (const command of commands) {
      const { out, err } = await place.run(command);
      expect(`${out}${err}`).toContain('owned');
      expect(`${out}${err}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });
});

describe('exit codes', () => {
  it.each([
    ['bad-request', 400, 2],
    ['unauthenticated', 401, 3],
    ['forbidden', 403, 3],
    ['not-found', 404, 4],
    ['conflict', 409, 1],
    ['internal', 500, 1],
    ['unavailable', 503, 6],
    ['no-worker', 503, 6],
    ['too-many-requests', 429, 6],
  ] as const)('%s (%i) ends with %i and the sentence of the server', async (code, status, expected) => {
    place.api.reply('getPipeline', { problem: code, status, detail: 'The sentence of the server.' });
    const result = await place.run('describe pipeline apps/shop');
    expect(result.code).toBe(expected);
    expect(result.err).toMatch(/^windlass: The sentence of the server\./);
  });

  it('a token that the server does not know ends with 3 and says what to do', async () => {
    const { code, err } = await place.run('get pipelines', { env: { WINDLASS_TOKEN: 'other' } });
    expect(code).toBe(3);
    expect(err).toContain('windlass login');
  });

  it('no server ends with 6', async () => {
    await place.api.close();
    const { code, err } = await place.run('get pipelines');
    expect(code).toBe(6);
    expect(err).toContain('connection refused');
    place = await openPlace();
  });

  it('what is not Windlass ends with 1 and says to check the address', async () => {
    place.api.reply('getPipeline', { raw: '<html>', status: 200, type: 'text/html' });
    const { code, err } = await place.run('describe pipeline apps/shop');
    expect(code).toBe(1);
    expect(err).toContain('check the address');
  });

  it.each(['get', 'get pipelines --sort age', 'why apps/shop', 'nothing', 'get pipelines --limit 0'])(
    'the command line "%s" ends with 2',
    async (line) => {
      expect((await place.run(line)).code).toBe(2);
    },
  );
});
