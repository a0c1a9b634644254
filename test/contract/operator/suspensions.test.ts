/** Suspensions that are made at the same time, and resumed by requests that are repeated. */
import { FreezeRefused, type FreezeDesk, type ListedFreeze } from '../../../src/store/freeze-desk';
import { suspensionOf } from '../../../src/store/made-freeze';
import { all, startTestOperatorApi } from '../../support/operator-api-server';

const path = '/pipelines/pipelines/my-app';

const suspension = (name: string): ListedFreeze => ({
  namespace: 'pipelines',
  name,
  reason: 'Database',
  pipelines: { names: ['my-app'] },
  suspends: true,
  ours: true,
});

function deskWith(...names: readonly string[]): FreezeDesk {
  const kept = new Map(names.map((name) => [name, suspension(name)]));
  return {
    list: () => Promise.resolve([...kept.values()]),
    freeze: () => Promise.reject(new FreezeRefused('It is not expected.')),
    unfreeze: ({ name }, { name: endedBy }, key) => {
      const found = kept.get(name);
      if (found === undefined) return Promise.resolve('unknown');
      const endedRequest = key === undefined ? {} : { endedRequest: key };
      kept.set(name, { ...found, until: Date.now(), endedBy, ...endedRequest });
      return Promise.resolve('done');
    },
    suspension: (pipeline, environment) =>
      Promise.resolve(suspensionOf([...kept.values()], pipeline, environment, Date.now())),
  };
}

/** A process of its own, without the answers of others. */
async function resume(freezes: FreezeDesk, key: string) {
  const running = await startTestOperatorApi({ freezes });
  const response = await running.request('POST', `${path}/resume`, {
    token: all,
    body: {},
    headers: { 'Idempotency-Key': key },
  });
  const answer = (await response.json()) as Record<string, unknown>;
  await running.close();
  return { status: response.status, answer };
}

it('ends all suspensions of a Pipeline, of which two requests at the same time made one each', async () => {
  const desk = deskWith('windlass-000000000001', 'windlass-000000000002');
  expect(await resume(desk, 'one')).toMatchObject({ status: 200, answer: { repeated: false } });
  expect(await desk.suspension({ namespace: 'pipelines', name: 'my-app' })).toBeUndefined();
});

it('answers a repeated request as the first one, also from another process', async () => {
  const desk = deskWith('windlass-000000000001');
  const first = await resume(desk, 'one');
  const again = await resume(desk, 'one');
  expect(again).toMatchObject({ status: 200, answer: { said: first.answer['said'], repeated: true } });
  expect(await resume(desk, 'another')).toMatchObject({ status: 409, answer: { code: 'conflict' } });
});
