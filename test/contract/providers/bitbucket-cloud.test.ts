import { bitbucketCloudCase } from './bitbucket-cloud-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';
import { describeRecordedAnswers } from './recorded-contract';

describeProvider('bitbucket-cloud', bitbucketCloudCase);
describeFollowing('bitbucket-cloud', bitbucketCloudCase);
describeDecoration('bitbucket-cloud', bitbucketCloudCase);
describeRecordedAnswers('bitbucket-cloud', bitbucketCloudCase);
