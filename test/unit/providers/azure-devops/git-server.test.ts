import { azureDevops } from '../../../../src/providers/azure-devops';
import { describeGitServer, fetch, push } from '../../../support/git-server-words';

const rejected = (words: string): string => `!\ta:refs/heads/x\t[remote rejected] (${words})`;

describeGitServer(azureDevops, [
  [
    // https://github.com/semantic-release/semantic-release/issues/2563
    'a branch with policies',
    push,
    'branch-protected',
    rejected(
      'TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.',
    ),
  ],
  [
    "a rule on the author's address",
    push,
    'push-rule',
    rejected(
      "VS403702: The push was rejected because one or more commits contain author email 'bot@example.org' which does not match the policy-specified patterns.",
    ),
  ],
  [
    // https://github.com/Azure/AzOps/issues/299
    'a missing right',
    push,
    'forbidden',
    "remote: TF401027: You need the Git 'GenericContribute' permission to perform this action. Details: identity 'Build\\0', scope 'repository'.\nfatal: unable to access 'https://dev.azure.com/acme/fleet/_git/apps/': The requested URL returned error: 403",
  ],
  [
    'a missing right to force',
    push,
    'forbidden',
    rejected(
      "TF401027: You need the Git 'ForcePush' permission to perform this action. Details: identity 'Build\\0', scope 'branch'.",
    ),
  ],
  [
    'no repository',
    fetch,
    'repository-not-found',
    "remote: TF401019: The Git repository with name or identifier apps does not exist or you do not have permissions for the operation you are attempting.\nfatal: repository 'https://dev.azure.com/acme/fleet/_git/apps/' not found",
  ],
  [
    'no project',
    fetch,
    'repository-not-found',
    'remote: TF200016: The following project does not exist: fleet. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.',
  ],
  [
    'a wrong token',
    fetch,
    'bad-credentials',
    "fatal: Authentication failed for 'https://dev.azure.com/acme/fleet/_git/apps/'",
  ],
  [
    // https://github.com/Azure/azure-cli/issues/24108
    'a token of someone else',
    fetch,
    'bad-credentials',
    "remote: TF400813: The user '' is not authorized to access this resource.\nfatal: unable to access 'https://dev.azure.com/acme/fleet/_git/apps/'",
  ],
  [
    // https://github.com/jj-vcs/jj/issues/3973
    'an unknown key',
    fetch,
    'bad-credentials',
    'remote: Public key authentication failed.\nfatal: Could not read from remote repository.',
  ],
  [
    'a rate limit',
    fetch,
    'rate-limited',
    "remote: TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.\nfatal: the remote end hung up unexpectedly",
  ],
  [
    'a concurrent push',
    push,
    'lease-lost',
    '!\tabc:refs/heads/x\t[rejected] (stale info)\nerror: failed to push some refs',
  ],
]);
