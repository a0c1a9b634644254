import { gitlabCase } from './gitlab-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';
import { describeRecordedAnswers } from './recorded-contract';

describeProvider('gitlab', gitlabCase);
describeFollowing('gitlab', gitlabCase);
describeDecoration('gitlab', gitlabCase);
describeRecordedAnswers('gitlab', gitlabCase);
