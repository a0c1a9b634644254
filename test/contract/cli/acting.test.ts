import * as examples from '../../support/operator-examples';
import { openPlace, type Place } from './home';

let place: Place;
beforeEach(async () => {
  place = await openPlace();
  place.api.answer('getPipeline', examples.pipeline);
});
afterEach(() => place.close());

const { done } = examples;
const inProd = { namespace: 'apps', name: 'shop', environment: 'prod' };
const shop = { namespace: 'apps', name: 'shop' };

describe('an act', () => {
  it.each([
    ['approve apps/shop prod 1.4.1 --comment fine', 'approve', inProd, { version: '1.4.1', comment: 'fine' }],
    [
      `approve apps/shop prod 1.4.1 --head ${'a'.repeat(40)}`,
      'approve',
      inProd,
      { version: '1.4.1', head: 'a'.repeat(40) },
    ],
    ['reject apps/shop prod 1.4.1 --comment no', 'reject', inProd, { version: '1.4.1', comment: 'no' }],
    ['retry apps/shop prod', 'retry', inProd, {}],
    ['cancel apps/shop prod 1.4.1 --reason why', 'cancel', inProd, { version: '1.4.1', reason: 'why' }],
    ['promote apps/shop prod 1.5.0', 'promote', inProd, { version: '1.5.0' }],
    ['rollback apps/shop prod 1.2.0 --reason why', 'rollback', inProd, { version: '1.2.0', reason: 'why' }],
    [
      'override apps/shop prod 1.4.1 --gates approvals,soak --reason why',
      'override',
      inProd,
      { version: '1.4.1', gates: ['approvals', 'soak'], reason: 'why' },
    ],
    ['suspend apps/shop --reason why', 'suspend', shop, { reason: 'why' }],
    [
      'suspend apps/shop --environment prod --reason why',
      'suspend',
      shop,
      { reason: 'why', environment: 'prod' },
    ],
    ['resume apps/shop', 'resume', shop, {}],
    [
      'freeze -n apps --until 24h --environment prod --reason why',
      'freeze',
      {},
      { namespace: 'apps', reason: 'why', until: '2026-11-29T12:00:00.000Z', environments: ['prod'] },
    ],
    [
      'freeze -n apps --from 1h --pipeline shop --pipeline api -l team=a --reason why',
      'freeze',
      {},
      {
        namespace: 'apps',
        reason: 'why',
        from: '2026-11-28T13:00:00.000Z',
        pipelines: { names: ['shop', 'api'], matchLabels: { team: 'a' } },
      },
    ],
    [
      'unfreeze apps/windlass-0a1b2c3d4e5f',
      'unfreeze',
      { namespace: 'apps', name: 'windlass-0a1b2c3d4e5f' },
      undefined,
    ],
  ] as const)('windlass %s', async (line, route, params, body) => {
    place.api.answer(route, done);
    const { code, out, err } = await place.run(line);
    expect([code, out, err]).toEqual([0, `✔ ${done.said}`, '']);
    expect(place.api.requests).toMatchObject([{ route, params }]);
    expect(place.api.requests[0]?.body).toEqual(body);
  });

  it('is sent again with the same key after a lost answer, and a broken server', async () => {
    place.api.reply(
      'approve',
      'broken',
      { problem: 'unavailable', status: 503, detail: 'Soon.' },
      { answer: { ...done, repeated: true } },
    );
    const { code, err } = await place.run('approve apps/shop prod 1.4.1');
    expect([code, err]).toEqual([0, 'The server had done this before, for the same request.']);
    const keys = place.api.requests.map(({ key }) => key);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('has another key each time', async () => {
    place.api.answer('retry', done);
    await place.run('retry apps/shop prod');
    await place.run('retry apps/shop prod');
    expect(new Set(place.api.requests.map(({ key }) => key)).size).toBe(2);
  });

  it('is not repeated while no worker runs', async () => {
    place.api.reply('approve', { problem: 'no-worker', status: 503, detail: 'No worker answers.' });
    expect((await place.run('approve apps/shop prod 1.4.1')).code).toBe(6);
    expect(place.api.requests).toHaveLength(1);
  });

  it('that the server refuses ends with its reason', async () => {
    place.api.reply('approve', {
      problem: 'conflict',
      status: 409,
      detail: '1.4.0 is not the version that waits.',
    });
    const { code, err } = await place.run('approve apps/shop prod 1.4.0');
    expect([code, err]).toEqual([1, 'windlass: 1.4.0 is not the version that waits.']);
  });

  it('prints the answer of the API as JSON', async () => {
    place.api.answer('promote', done);
    expect(JSON.parse((await place.run('promote apps/shop prod 1.4.1 -o json')).out)).toEqual(done);
  });

  it.each([
    ['reject apps/shop prod 1.4.1', '--comment'],
    ['override apps/shop prod 1.4.1 --gates approvals', '--reason'],
    ['override apps/shop prod 1.4.1 --gates suspend --reason x', 'can be opened'],
    ['freeze -n apps', '--reason'],
    ['freeze -n apps --reason x --until 2020-01-01T00:00:00Z', 'later than now'],
    ['freeze -n apps --reason x -l team', 'key=value'],
    ['rollback apps/shop prod 1.2.0', '--reason'],
    ['approve apps/shop prod 1.4.1 --head abc', 'head is invalid'],
    ['approve apps/shop prod 1.4.1 --wait --timeout soon', '--timeout'],
  ])('windlass %s is refused before anything is sent', async (line, says) => {
    const { code, err } = await place.run(line);
    expect([code, place.api.requests]).toEqual([2, []]);
    expect(err).toContain(says);
  });
});

describe('a question before an act', () => {
  const rollback = ['rollback', 'apps/shop', 'prod', '1.2.0', '--reason', 'it is slow'];

  it('says what will happen, and does it after a yes', async () => {
    place.api.answer('rollback', done);
    const { code, err } = await place.run(rollback, { answers: ['y'] });
    expect(code).toBe(0);
    expect(err).toContain(
      'apps/shop prod runs 1.3.0. Windlass proposes 1.2.0 for it, and holds newer versions until someone promotes one.',
    );
  });

  it.each([[['n']], [['']], [[]]])('does nothing after %j', async (answers) => {
    const { code, err } = await place.run(rollback, { answers });
    expect(code).toBe(1);
    expect(err).toContain('Nothing was done.');
    expect(place.api.requests.map(({ route }) => route)).toEqual(['getPipeline']);
  });

  it('is not asked with --yes', async () => {
    place.api.answer('rollback', done);
    const { code, err } = await place.run([...rollback, '--yes'], { answers: [] });
    expect([code, err]).toEqual([0, '']);
  });

  it.each([
    [
      'override apps/shop prod 1.4.1 --gates approvals --reason x',
      'This opens approvals for 1.4.1 into prod',
    ],
    ['freeze -n apps --reason x', 'all Pipelines in the namespace apps, from now until someone ends it'],
  ])('comes before windlass %s', async (line, says) => {
    const { code, err } = await place.run(line, { answers: ['no'] });
    expect([code, place.api.requests]).toEqual([1, []]);
    expect(err).toContain(says);
  });
});

it('windlass rollback without a version lists those that are possible', async () => {
  const { code, out } = await place.run('rollback apps/shop prod');
  expect([code, out]).toEqual([0, '1.2.0  18d ago\n1.1.0  49d ago']);
});

it.each(['--reason why', '--wait', '--yes'])(
  'windlass rollback %s without a version, as of a script whose version is empty, does not look as if it were done',
  async (flags) => {
    const { code, err } = await place.run(`rollback apps/shop prod ${flags}`);
    expect([code, err]).toEqual([2, expect.stringContaining('Name the version')]);
  },
);

describe('--wait', () => {
  const standing = (state: string, sentence: string, ended = false) => ({
    answer: { ...examples.promotion, state, sentence, ended },
  });

  it('prints each change and ends when the pull request is open', async () => {
    place.api.answer('approve', done);
    place.api.reply(
      'getPromotion',
      standing('promoting', 'An attempt is in progress.'),
      standing('promoting', 'An attempt is in progress.'),
      standing('pull-request', 'Pull request 7 is open.'),
    );
    const { code, err, waited } = await place.run('approve apps/shop prod 1.4.1 --wait');
    expect([code, waited]).toEqual([0, 4_000]);
    expect(err).toBe('promoting: An attempt is in progress.\npull-request: Pull request 7 is open.');
  });

  it('waits longer for --wait-for deployed', async () => {
    place.api.answer('promote', done);
    place.api.reply(
      'getPromotion',
      standing('pull-request', 'Open.'),
      standing('merged', 'Merged.'),
      standing('deployed', 'Deployed.', true),
    );
    const { code, err } = await place.run('promote apps/shop prod 1.4.1 --wait-for deployed');
    expect([code, err.split('\n').length]).toEqual([0, 3]);
  });

  it('ends with 1 when the promotion ended otherwise', async () => {
    place.api.answer('promote', done);
    place.api.reply('getPromotion', standing('failed', 'The token was refused.', true));
    const { code, err } = await place.run('promote apps/shop prod 1.4.1 --wait');
    expect([code, err]).toEqual([1, 'failed: The token was refused.']);
  });

  it('ends with 5 after --timeout', async () => {
    place.api.answer('promote', done);
    place.api.reply('getPromotion', standing('waiting-for-soak', 'It soaks.'));
    const { code, waited } = await place.run('promote apps/shop prod 1.4.1 --wait --timeout 1m');
    expect(code).toBe(5);
    expect(waited).toBeLessThanOrEqual(60_000);
  });

  it('finds the promotion in its lane if the answer names none, and bears a server that is away for a while', async () => {
    const { promotion: _none, ...answer } = done;
    place.api.answer('retry', answer);
    place.api.reply(
      'getPipeline',
      { problem: 'no-worker', status: 503, detail: 'No worker answers.' },
      { answer: examples.pipeline },
    );
    place.api.reply('getPromotion', standing('unchanged', 'Nothing to do.', true));
    const { code } = await place.run('retry apps/shop prod --wait');
    expect(code).toBe(0);
    expect(place.api.requests.map(({ route }) => route)).toEqual([
      'retry',
      'getPipeline',
      'getPipeline',
      'getPromotion',
    ]);
  });

  it('of a rejection waits for its end', async () => {
    place.api.answer('reject', done);
    place.api.reply('getPromotion', standing('waiting-for-approval', 'x'), standing('rejected', 'y', true));
    expect((await place.run('reject apps/shop prod 1.4.1 --comment no --wait')).code).toBe(0);
  });
});
