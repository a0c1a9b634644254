import { followerId } from '../../src/workflows/contract/ids';
import { githubDelivery } from '../support/provider-deliveries';
import { type Lab } from './lab';
import { gitUrl, repositoryOf } from './manifests';
import { withinAStep } from './within-a-step';

/**
 * Posts what the webhook of an application's repository does after a pull request was merged or closed, once Windlass
 * follows that: an earlier hint would be for no one, and the next poll is a minute later.
 */
export async function deliver({ installation, webhook }: Lab, application: string): Promise<void> {
  const url = gitUrl(installation, application);
  const secretName = `${application}-promotion`;
  const follower = followerId({ namespace: 'apps', secretName, provider: 'github', url });
  await withinAStep(async () => {
    const { status } = await installation.client.workflow.getHandle(follower).describe();
    expect(status.name).toBe('RUNNING');
  });
  const { host } = new URL(url);
  const { path, headers, body } = githubDelivery({ repository: repositoryOf(application), host });
  const response = await fetch(webhook + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  expect(await response.json()).toEqual({ status: 'accepted' });
}
