/** What the API says of one promotion, of which Temporal and the promotion itself know parts. */
import { type HandlerParts } from '../../../src/api/operator/handlers/handler-parts';
import { promotionDetails } from '../../../src/operator/schemas/promotions';
import { promotionId } from '../../../src/workflows/contract/ids';
import { deployment } from '../../support/events';
import { laneViewOf, waiting } from '../../support/lane-views';
import { all, FakeLanes, startTestOperatorApi } from '../../support/operator-api-server';

const pipeline = { namespace: 'pipelines', name: 'my-app' };
const event = deployment({ pipeline, version: '1.4.0', environment: 'staging' });
const id = promotionId(pipeline, 'prod', '1.4.0', event.identity);

type ClosedGates = HandlerParts['promotions']['closedGates'];

interface Standing {
  readonly polling?: boolean;
  readonly ended?: boolean;
  /** What it answers to the question which commit its pull request has. */
  readonly head?: unknown;
}

async function detailsOf(closedGates: ClosedGates, { polling = true, ended = false, head }: Standing = {}) {
  const lanes = new FakeLanes();
  lanes.polling = polling;
  const proposal = { url: 'https://git.example.com/1', number: 1, at: event.at };
  lanes.put(laneViewOf({ pipeline, acting: { ...waiting('1.4.0'), identity: event.identity, proposal } }));
  const task = { action: 'promote', pipeline, version: '1.4.0', from: 'staging', to: 'prod', event } as const;
  const api = await startTestOperatorApi({
    lanes,
    promotions: {
      list: () => Promise.resolve({ items: [] }),
      get: (workflowId) =>
        Promise.resolve({
          workflowId,
          task,
          state: 'frozen',
          ended,
          startedAt: event.at,
          history: { steps: [], attempts: [], decisions: [] },
        }),
      closedGates,
      proposedHead: () => Promise.resolve(head),
    },
  });
  const response = await api.request('GET', `/promotions/${encodeURIComponent(id)}`, { token: all });
  const answer: unknown = await response.json();
  await api.close();
  return promotionDetails.parse(answer);
}

const gatesOf = async (closedGates: ClosedGates, standing?: Standing) =>
  (await detailsOf(closedGates, standing)).gates;

const gates = [
  { gate: 'freeze', says: 'Frozen until then.', until: Date.UTC(2027, 0, 4) },
  { gate: 'approvals', says: '0 of 1 approval.', excluded: ['token:rob'] },
];
const ofLane = [{ gate: 'waiting-for-approval', says: 'prod waits for 1.4.0: 0 of 1 approval' }];

it('names each closed gate, as the promotion does', async () => {
  expect(await gatesOf(() => Promise.resolve(gates))).toEqual([
    { ...gates[0], until: '2027-01-04T00:00:00.000Z' },
    gates[1],
  ]);
});

it('says what the lane waits for where the promotion is of older code, or answers nonsense', async () => {
  expect(await gatesOf(() => Promise.reject(new Error('Workflow has no such query')))).toEqual(ofLane);
  expect(await gatesOf(() => Promise.resolve('nonsense'))).toEqual(ofLane);
});

it('asks no promotion while no worker runs, nor one that has ended', async () => {
  let asked = 0;
  const count = () => {
    asked += 1;
    return Promise.resolve(gates);
  };
  expect(await gatesOf(count, { polling: false })).toEqual(ofLane);
  expect(await gatesOf(count, { ended: true })).toEqual([]);
  expect(asked).toBe(0);
});

it('names the commit of the pull request, so that a person can decide on what they saw', async () => {
  const none = () => Promise.resolve([]);
  const head = 'a'.repeat(40);
  expect((await detailsOf(none, { head })).pullRequest).toMatchObject({ number: 1, head });
  expect((await detailsOf(none, { head: null })).pullRequest?.head).toBeUndefined();
  expect((await detailsOf(none, { head: '<b>' })).pullRequest?.head).toBeUndefined();
});
