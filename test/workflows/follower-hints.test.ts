import { Client, Connection } from '@temporalio/client';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { createFollowerHints } from '../../src/temporal/follower-hints';
import { followerId } from '../../src/workflows/contract/ids';
import { createWorkflowEnvironment, type WorkflowEnvironment } from '../support/workflow-environment';

const repository: FollowedRepository = {
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: 'https://github.com/example/fleet',
  apiUrl: 'https://api.github.com',
};

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.close());

it('signals the follower of exactly this reference', async () => {
  const { client } = environment;
  const followers = [repository, { ...repository, secretName: 'other' }];
  for (const each of followers) {
    await client.workflow.start('follower', { workflowId: followerId(each), taskQueue: 'nobody' });
  }
  await createFollowerHints(client).look(repository, 5_000);
  const signals = await Promise.all(
    followers.map(async (each) => {
      const { events } = await client.workflow.getHandle(followerId(each)).fetchHistory();
      return (events ?? []).flatMap(
        ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? [],
      );
    }),
  );
  expect(signals).toEqual([['look'], []]);
});

it('starts nothing where nothing follows the repository', async () => {
  const { client } = environment;
  const unknown = { ...repository, namespace: 'nobody' };
  await createFollowerHints(client).look(unknown, 5_000);
  await expect(client.workflow.getHandle(followerId(unknown)).describe()).rejects.toMatchObject({
    name: 'WorkflowNotFoundError',
  });
});

it('says that Temporal is away', async () => {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const hints = createFollowerHints(new Client({ connection }));
  await expect(hints.look(repository, 500)).rejects.toMatchObject({ name: 'TemporalUnavailable' });
  await connection.close();
});

it('does not take a missing namespace for a follower that does not exist', async () => {
  const { connection } = environment.client;
  const hints = createFollowerHints(new Client({ connection, namespace: 'no-such-namespace' }));
  await expect(hints.look(repository, 500)).rejects.toMatchObject({ name: 'TemporalUnavailable' });
});
