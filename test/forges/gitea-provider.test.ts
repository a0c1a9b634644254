/** The provider `gitea` on a real Gitea: opening and updating pull requests, and all that can fail. */
import { describeProvider } from '../contract/providers/contract';
import { describeRecordedAnswers } from '../contract/providers/recorded-contract';
import { giteaCase } from './gitea-case';

const contract = giteaCase('opened');

describeProvider('gitea', contract);
describeRecordedAnswers('gitea', contract);
