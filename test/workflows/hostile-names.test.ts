import { type Resolution } from '../../src/activities/promotion-activities';
import { laneId, promotionId } from '../../src/workflows/contract/ids';
import { type PromotionTask } from '../../src/domain/promotion/promotion';
import { laneStateQuery, promoteUpdate } from '../../src/workflows/contract/messages';
import { stateAttribute } from '../../src/workflows/contract/search-attributes';
import { deployment } from '../support/events';
import { eventually } from '../support/eventually';
import { createWorkflowEnvironment, type WorkflowEnvironment } from '../support/workflow-environment';

const resolution: Resolution = {
  status: 'ready',
  strategy: 'pull-request',
  manual: true,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
};
const openPullRequest = (task: PromotionTask) =>
  Promise.resolve({
    state: 'pull-request' as const,
    url: `https://git.example/pull/${task.version}`,
    number: 1,
    change: 'created' as const,
    previous: '1.0.0',
  });

let environment: WorkflowEnvironment;
beforeEach(async () => {
  environment = await createWorkflowEnvironment();
});
afterEach(() => environment.close());

const pipeline = { namespace: 'n'.repeat(63), name: 'p'.repeat(253) };
const longest = (letter: string) => letter.repeat(Math.floor(253 / letter.length));

it.each([
  ['as long as they may be', longest('d'), longest('s'), `1.0.0+${'b'.repeat(194)}`],
  ['of many bytes for each character', longest('🦫'), longest('🚀'), '1.0.0'],
  ['of characters with a meaning in queries and Markdown', `d"e'v\\`, `st%a_g"i'n\\g`, '1.0.0'],
])('promotes through names %s, also when the lane continues as new', async (_, from, to, version) => {
  const event = deployment({ pipeline, environment: from, version, release: 1 });
  const lane = environment.client.workflow.getHandle(laneId(pipeline, to));
  const promotion = environment.client.workflow.getHandle(promotionId(pipeline, to, version, event.identity));
  const activities = { resolvePromotion: () => Promise.resolve(resolution), openPullRequest };
  await environment.withWorker(activities, async () => {
    await environment.report(event, to);
    await eventually(
      async () =>
        (await promotion.describe()).typedSearchAttributes.get(stateAttribute) === 'waiting-for-approval',
    );
    // What the next lane adopts comes from visibility, which learns of a promotion a moment later.
    await eventually(
      async () => (await environment.client.workflow.count("WorkflowType = 'promotion'")).count === 1,
    );
    await lane.terminate();
    const other = deployment({
      pipeline,
      environment: from,
      version: '0.9.0',
      release: 0,
      reporter: 'other',
    });
    await environment.report(other, to);
    await eventually(async () => (await lane.query(laneStateQuery)).inHand?.version === version);
    await promotion.executeUpdate(promoteUpdate, { args: [{ version }] });
    await eventually(async () => expect((await lane.query(laneStateQuery)).proposal?.number).toBe(1));
  });
});
