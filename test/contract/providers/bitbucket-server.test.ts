import { bitbucketServerCase } from './bitbucket-server-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';

describeProvider('bitbucket-server', bitbucketServerCase);
describeFollowing('bitbucket-server', bitbucketServerCase);
describeDecoration('bitbucket-server', bitbucketServerCase);
