/** The provider `gitea` on a real Gitea: labels, people and drafts, and a network that fails. */
import { describeDecoration } from '../contract/providers/decoration-contract';
import { describeFaults } from '../contract/providers/faults-contract';
import { giteaCase } from './gitea-case';

const contract = giteaCase('decorated');

describeDecoration('gitea', contract);
describeFaults('gitea', contract);
