/** Confirmations of what brings another version into an environment. */
import { type EnvironmentDetails } from '../../api/answers';
import { longestReason, type Sayer } from './confirmation';
import { change, nameOf, recorded } from './sentences';

export const promote: Sayer<'promote'> = (_act, situation, { version }) => {
  const to = nameOf(situation);
  const { environment } = situation;
  const acting = environment?.acting;
  const held = environment?.held.find((each) => each.version === version);
  return {
    title: `Promote a version into ${to}`,
    consequences: [
      version === '' ? `Choose the version that ${to} gets.` : change(situation, version),
      ...(held === undefined ? [] : [`${version} is no longer held.`]),
      `It is promoted whether or not the environment before runs it. ${gatesOf(environment)}`,
      ...(acting === undefined ? [] : [`It goes before ${acting.version}, which is in progress.`]),
      recorded(situation),
    ],
    button: version === '' ? 'Promote' : `Promote ${version}`,
    tone: 'primary',
    reason: { label: 'Reason', required: false, longest: longestReason },
  };
};

export const rollBack: Sayer<'rollback'> = (_act, situation, { version }) => {
  const to = nameOf(situation);
  const { environment } = situation;
  const acting = environment?.acting;
  const isProposed = environment?.strategy === 'pull-request';
  return {
    title: `Roll ${to} back`,
    consequences: [
      version === '' ? `Choose the version that ${to} goes back to.` : change(situation, version),
      isProposed
        ? 'Windlass opens a pull request at once. It waits only for people: approvals, suspensions. Merge it yourself: a rollback is not merged automatically.'
        : 'It waits only for people: approvals, suspensions.',
      `Newer versions are held until someone promotes them, or a version comes that is newer than all of them.`,
      ...(acting === undefined ? [] : [`It takes the place of ${acting.version}, which is in progress.`]),
      recorded(situation),
    ],
    button: version === '' ? 'Roll back' : `Roll back to ${version}`,
    tone: 'danger',
    reason: { label: 'Reason', required: true, longest: longestReason },
  };
};

function gatesOf(environment: EnvironmentDetails | undefined): string {
  const { gates = [] } = environment ?? {};
  return gates.length === 0 ? 'The Pipeline has no gates for it.' : `Its gates apply: ${gates.join(' ')}`;
}
