import { githubCase } from './github-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';
import { describeRecordedAnswers } from './recorded-contract';

describeProvider('github', githubCase);
describeFollowing('github', githubCase);
describeDecoration('github', githubCase);
describeRecordedAnswers('github', githubCase);
