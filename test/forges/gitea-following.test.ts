/** The provider `gitea` on a real Gitea: pull requests followed to their end, checks and merges. */
import { describeFollowing } from '../contract/providers/follow-contract';
import { giteaCase } from './gitea-case';

const contract = giteaCase('followed');

describeFollowing('gitea', contract);
