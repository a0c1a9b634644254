/** Confirmations of what holds promotions, and of its end. */
import { type Situation } from '../act';
import { longestHold, longestReason, type Sayer } from './confirmation';
import { recorded } from './sentences';

export const suspend: Sayer<'suspend'> = (_act, situation) => {
  const where = holds(situation);
  return {
    title: `Suspend ${where}`,
    consequences: [
      `No version is promoted into ${intoWhich(situation)} until someone resumes it. What arrives meanwhile waits.`,
      'What is merged already is deployed all the same.',
      recorded(situation),
    ],
    button: 'Suspend',
    tone: 'danger',
    reason: { label: 'Reason', required: true, longest: longestHold },
  };
};

export const resume: Sayer<'resume'> = (_act, situation) => ({
  title: `Resume ${holds(situation)}`,
  consequences: [
    `Versions are promoted into ${intoWhich(situation)} again, the newest at once. Other gates still apply.`,
    recorded(situation),
  ],
  button: 'Resume',
  tone: 'primary',
  reason: { label: 'Reason', required: false, longest: longestReason },
});

export const freeze: Sayer<'freeze'> = (_act, situation, { scope, environments, until }) => {
  const { namespace, name } = situation.pipeline;
  const what = scope === 'namespace' ? `all Pipelines of ${namespace}` : `${namespace}/${name}`;
  const where = environments.length === 0 ? 'any environment' : environments.join(', ');
  return {
    title: `Freeze promotions`,
    consequences: [
      `New versions of ${what} are not promoted into ${where} until ${until === '' ? 'someone ends the freeze' : until.replace('T', ' ')}. What arrives meanwhile waits; rollbacks do not.`,
      'Every page shows the freeze with your name and reason.',
      recorded(situation),
    ],
    button: 'Freeze',
    tone: 'danger',
    reason: { label: 'Reason', required: true, longest: longestHold },
  };
};

export const unfreeze: Sayer<'unfreeze'> = (act, situation) => ({
  title: `End the freeze ${act.freeze.namespace}/${act.freeze.name}`,
  consequences: [
    'What waits for it is promoted as soon as its other gates are open, in every Pipeline that it holds.',
    recorded(situation),
  ],
  button: 'End the freeze',
  tone: 'primary',
});

function holds({ pipeline, environment }: Situation): string {
  const pipelineName = `${pipeline.namespace}/${pipeline.name}`;
  return environment === undefined ? pipelineName : `${environment.name} of ${pipelineName}`;
}

function intoWhich({ environment }: Situation): string {
  return environment === undefined ? 'any environment of it' : environment.name;
}
