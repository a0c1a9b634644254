import { githubCase } from './github-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';

describeProvider('github', githubCase);
describeFollowing('github', githubCase);
describeDecoration('github', githubCase);
