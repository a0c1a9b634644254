/** Confirmations of what is decided about the promotion that acts, or that failed. */
import { type Situation } from '../act';
import { isForPeople, nameOfGate } from '../../gates/closed-gates';
import { longestReason, type Sayer } from './confirmation';
import { change, nameOf, recorded, short, then } from './sentences';

export const approve: Sayer<'approve'> = ({ version, head }, situation) => {
  const to = nameOf(situation);
  const left = situation.gates.filter((gate) => !isForPeople(gate));
  return {
    title: `Approve ${version} for ${to}`,
    consequences: [
      change(situation, version),
      head === undefined
        ? `Your approval counts for ${version} alone.`
        : `Your approval counts for ${version} in commit ${short(head)} alone: it is refused if another commit was pushed.`,
      // The promotion says how many approvals it needs: whether this is the last one is not known here.
      ...then(situation, left, 'Once there are enough approvals'),
      recorded(situation),
    ],
    button: `Approve ${version}`,
    tone: 'primary',
    reason: { label: 'Comment', required: false, longest: longestReason },
  };
};

export const reject: Sayer<'reject'> = ({ version, head }, situation) => {
  const to = nameOf(situation);
  const { environment } = situation;
  const pullRequest = environment?.acting?.pullRequest;
  return {
    title: `Reject ${version} for ${to}`,
    consequences: [
      `${version} is not promoted into ${to}: it is held until a newer version comes, or someone promotes it.`,
      ...(pullRequest === undefined
        ? []
        : [`Pull request #${pullRequest.number} is closed with your reason as a comment.`]),
      ...(head === undefined ? [] : [`It is refused if another commit than ${short(head)} was pushed.`]),
      recorded(situation),
    ],
    button: `Reject ${version}`,
    tone: 'danger',
    reason: { label: 'Reason', required: true, longest: longestReason },
  };
};

export const override: Sayer<'override'> = ({ version }, situation, { gates }) => {
  const names = gates.map(nameOfGate).join(', ');
  const asked = gates.length === 1 ? 'this gate asks' : 'these gates ask';
  const left = situation.gates.filter(({ gate }) => !gates.some((each) => each === gate));
  return {
    title: `Open gates for ${version} into ${nameOf(situation)}`,
    consequences: [
      change(situation, version),
      ...(gates.length === 0
        ? ['Choose the gates to open.']
        : [
            `${names}: ${version} is promoted without what ${asked} for. They stay as they are for other versions.`,
            ...then(situation, left),
          ]),
      `${recorded(situation)} A Warning Event says that gates were opened.`,
    ],
    button: 'Open gates',
    tone: 'danger',
    reason: { label: 'Reason', required: true, longest: longestReason },
  };
};

export const cancel: Sayer<'cancel'> = ({ version }, situation) => {
  const to = nameOf(situation);
  const pullRequest = situation.environment?.acting?.pullRequest;
  return {
    title: `Cancel the promotion of ${version}`,
    consequences: [
      `${version} is no longer promoted into ${to}. ${runs(situation)}`,
      ...(pullRequest === undefined
        ? []
        : [`Pull request #${pullRequest.number} stays open: close it, or merge it by hand.`]),
      'To promote it after all, promote it again.',
      recorded(situation),
    ],
    button: 'Cancel the promotion',
    tone: 'danger',
    reason: { label: 'Reason', required: false, longest: longestReason },
  };
};

export const retry: Sayer<'retry'> = ({ version }, situation) => ({
  title: `Retry ${version} in ${nameOf(situation)}`,
  consequences: [
    `The promotion of ${version} failed. It starts again from its beginning, with the Pipeline as it is now.`,
    'Its gates apply again.',
    recorded(situation),
  ],
  button: `Retry ${version}`,
  tone: 'primary',
  reason: { label: 'Reason', required: false, longest: longestReason },
});

function runs(situation: Situation): string {
  const version = situation.environment?.version;
  return version === undefined
    ? `${nameOf(situation)} stays as it is.`
    : `${nameOf(situation)} stays at ${version}.`;
}
