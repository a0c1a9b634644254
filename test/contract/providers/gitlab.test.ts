import { gitlabCase } from './gitlab-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';

describeProvider('gitlab', gitlabCase);
describeFollowing('gitlab', gitlabCase);
describeDecoration('gitlab', gitlabCase);
