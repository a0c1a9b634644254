import { createHmac } from 'node:crypto';
import { type Pipeline, type PullRequestStrategy } from '../../src/domain/pipeline/pipeline';
import { samplePipeline } from './sample-pipeline';

export const hookSecret = 'a secret of the webhook';

/** The sample pipeline, by pull request into a repository. */
export function byPullRequest(name: string, strategy: Partial<PullRequestStrategy> = {}): Pipeline {
  return {
    ...samplePipeline,
    name,
    promotion: {
      manual: false,
      strategy: {
        kind: 'pull-request',
        provider: 'github',
        url: 'https://github.com/example/fleet',
        baseBranch: 'main',
        secretName: 'git',
        ...strategy,
      },
    },
  };
}

/** A request as GitHub posts it (https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request). */
export function githubDelivery({
  secret = hookSecret,
  event = 'pull_request',
  repository = 'example/fleet',
  host = 'github.com',
  text = '',
}: {
  readonly secret?: string;
  readonly event?: string;
  readonly repository?: string;
  readonly host?: string;
  readonly text?: string;
} = {}) {
  const body = JSON.stringify({
    action: 'closed',
    number: 7,
    pull_request: { number: 7, state: 'closed', merged: true, body: text },
    repository: {
      id: 1,
      full_name: repository,
      html_url: `https://${host}/${repository}`,
      clone_url: `https://${host}/${repository}.git`,
      ssh_url: `git@${host}:${repository}.git`,
    },
  });
  return {
    path: '/providers/github',
    body,
    headers: {
      'X-GitHub-Event': event,
      'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    } as Readonly<Record<string, string>>,
  };
}

/** A request as GitLab posts it (https://docs.gitlab.com/user/project/integrations/webhook_events/#merge-request-events). */
export function gitlabDelivery({
  secret = hookSecret,
  event = 'Merge Request Hook',
  repository = 'example/fleet',
}: { readonly secret?: string; readonly event?: string; readonly repository?: string } = {}) {
  const body = JSON.stringify({
    object_kind: 'merge_request',
    project: {
      id: 1,
      path_with_namespace: repository,
      web_url: `https://gitlab.example.com/${repository}`,
      git_ssh_url: `ssh://git@gitlab.example.com:2222/${repository}.git`,
      git_http_url: `https://gitlab.example.com/${repository}.git`,
    },
    object_attributes: { iid: 7, action: 'merge', state: 'merged' },
  });
  return {
    path: '/providers/gitlab',
    body,
    headers: { 'X-Gitlab-Event': event, 'X-Gitlab-Token': secret } as Readonly<Record<string, string>>,
  };
}

/** A request as Gitea posts it, in part (https://docs.gitea.com/usage/webhooks). @param of whose names the headers have */
export function giteaDelivery({
  secret = hookSecret,
  event = 'pull_request',
  repository = 'example/fleet',
  of = 'Gitea',
}: {
  readonly secret?: string;
  readonly event?: string;
  readonly repository?: string;
  readonly of?: 'Gitea' | 'Forgejo';
} = {}) {
  const body = JSON.stringify({
    action: 'closed',
    number: 7,
    pull_request: { number: 7, state: 'closed', merged: true },
    repository: {
      id: 1,
      full_name: repository,
      html_url: `https://git.example.com/${repository}`,
      ssh_url: `ssh://git@git.example.com:2222/${repository}.git`,
      clone_url: `https://git.example.com/${repository}.git`,
    },
  });
  return {
    path: '/providers/gitea',
    body,
    headers: {
      [`X-${of}-Event`]: event,
      [`X-${of}-Signature`]: createHmac('sha256', secret).update(body).digest('hex'),
    } as Readonly<Record<string, string>>,
  };
}
