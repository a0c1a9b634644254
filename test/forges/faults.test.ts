/** Each provider on a network that fails; Gitea's are with its own tests, since it needs a server of its own. */
import { azureDevopsCase } from '../contract/providers/azure-devops-case';
import { bitbucketCloudCase } from '../contract/providers/bitbucket-cloud-case';
import { bitbucketServerCase } from '../contract/providers/bitbucket-server-case';
import { describeFaults } from '../contract/providers/faults-contract';
import { githubCase } from '../contract/providers/github-case';
import { gitlabCase } from '../contract/providers/gitlab-case';

describeFaults('github', githubCase);
describeFaults('gitlab', gitlabCase);
describeFaults('bitbucket-server', bitbucketServerCase);
describeFaults('bitbucket-cloud', bitbucketCloudCase);
describeFaults('azure-devops', azureDevopsCase);
