import { bitbucketServerCase } from './bitbucket-server-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';
import { describeRecordedAnswers } from './recorded-contract';

describeProvider('bitbucket-server', bitbucketServerCase);
describeFollowing('bitbucket-server', bitbucketServerCase);
describeDecoration('bitbucket-server', bitbucketServerCase);
describeRecordedAnswers('bitbucket-server', bitbucketServerCase);
