import { createHmac } from 'node:crypto';
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { promotionId } from '../../src/workflows/contract/ids';
import { promoteUpdate } from '../../src/workflows/contract/messages';
import { stateAttribute } from '../../src/workflows/contract/search-attributes';
import { eventually } from '../support/eventually';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
} from '../support/installation';
import { ended, openPullRequests } from '../support/lane-outcomes';

let installation: Installation;

beforeAll(async () => {
  installation = await createInstallation({
    pipeline: (forge) => pipelineManifest({ manual: true, ...pullRequestPromotion(forge) }),
  });
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(() => installation.close());

/** Reports a version, and waits until its promotion waits for approval. */
async function held(version: string, release: number): Promise<WorkflowHandle> {
  const answer = await installation.report({ version, release });
  const { event } = (await answer.json()) as { readonly event: string };
  const id = promotionId({ namespace: 'apps', name: 'shop' }, 'staging', version, event);
  const promotion = installation.client.workflow.getHandle(id);
  await eventually(async () => {
    const { typedSearchAttributes } = await promotion.describe();
    expect(typedSearchAttributes.get(stateAttribute)).toBe('waiting-for-approval');
  });
  return promotion;
}

const approve = (promotion: WorkflowHandle, version: string): Promise<unknown> =>
  promotion.executeUpdate(promoteUpdate, { args: [{ version, by: 'ada' }] });

it('a promotion held for approval goes on when its own version is approved, and for no other', async () => {
  const promotion = await held('1.1.0', 2);
  const refused: unknown = await approve(promotion, '1.0.9').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(WorkflowUpdateFailedError);
  expect(refused).toMatchObject({
    cause: { message: 'This promotion waits for the approval of 1.1.0, not of 1.0.9.' },
  });
  expect(installation.forge.pullRequests('acme/fleet')).toEqual([]);

  expect(await approve(promotion, '1.1.0')).toEqual({ version: '1.1.0', by: 'ada' });
  await ended(installation, '1.1.0', 'pull-request');
  expect(openPullRequests(installation)).toMatchObject([{ title: 'Promote apps/shop in staging to 1.1.0' }]);
});

it('a newer version takes the place of one that waits, and needs an approval of its own', async () => {
  const older = await held('1.2.0', 3);
  const newer = await held('1.3.0', 4);
  expect(await older.result()).toEqual({ state: 'superseded', by: '1.3.0' });
  await expect(approve(older, '1.2.0')).rejects.toThrow();
  expect(openPullRequests(installation)).toMatchObject([{ title: 'Promote apps/shop in staging to 1.1.0' }]);
  await approve(newer, '1.3.0');
  await ended(installation, '1.3.0', 'pull-request');
  expect(openPullRequests(installation)).toMatchObject([{ title: 'Promote apps/shop in staging to 1.3.0' }]);
});

it("is approved by pipeline-controller's own request, once, and for its revision alone", async () => {
  const promotion = await held('1.4.0', 5);
  const { origin } = new URL(installation.sign({ version: '1.4.0' }).url);
  const body = JSON.stringify({ revision: '1.4.0', time: new Date().toISOString() });
  const signature = createHmac('sha256', installation.hmacKey).update(body).digest('hex');
  const send = async (revision: string): Promise<number> => {
    const url = `${origin}/approval/apps/shop/staging/${revision}`;
    const headers = { 'X-Signature': `sha256=${signature}` };
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };
  expect(await send('1.3.9')).toBe(422);
  expect([await send('1.4.0'), await send('1.4.0')]).toEqual([200, 200]);
  await ended(installation, '1.4.0', 'pull-request');
  const { events } = await promotion.fetchHistory();
  const accepted = (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
  expect(accepted).toHaveLength(1);
});
