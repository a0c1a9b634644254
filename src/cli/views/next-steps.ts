import { missingApproval } from '../../domain/approvals/missing-approval';
import { gates, overridableGates, type GateName } from '../../domain/gates/registry';
import { type Verb } from '../../domain/people/rights';
import { commandLine } from '../../domain/shell';
import { type PipelineDetails } from '../../operator/schemas/pipelines';
import { type PromotionDetails } from '../../operator/schemas/promotions';

/** Something that a person can do next. */
export interface Step {
  readonly todo: string;
  /** The permission that it needs; absent: none of Windlass's. */
  readonly verb?: Verb;
  /** People who would do it in vain. */
  readonly excluded?: readonly string[];
  /** To copy and run; what a person must write is in capitals. Absent: there is none. */
  readonly command?: string;
}

type Environment = PipelineDetails['environments'][number];

interface Situation {
  readonly pipeline: Pick<PipelineDetails, 'namespace' | 'name' | 'suspended' | 'valid'>;
  readonly environment: Environment;
  /** Of what acts. */
  readonly closed: PromotionDetails['gates'];
}

/** What moves an environment on, the nearest first. */
export function nextSteps({ pipeline, environment, closed: closedNow }: Situation): Step[] {
  const ref = `${pipeline.namespace}/${pipeline.name}`;
  const { acting, settling, failed, held, name } = environment;
  const run = (verb: string, ...words: string[]): string =>
    commandLine(['windlass', verb, ref, name, ...words]);
  if (!pipeline.valid)
    return [
      { todo: 'Correct the Pipeline', command: commandLine(['windlass', 'describe', 'pipeline', ref]) },
    ];
  if (acting !== undefined) {
    const { version } = acting;
    const closed = closedGates(closedNow);
    const opens = overridableGates.filter((gate) => closed.has(gate));
    const waitsForPeople =
      acting.state === 'waiting-for-approval' || closed.has('approvals') || closed.has('manual');
    return [
      ...(waitsForPeople
        ? ([
            {
              todo: `Approve ${version}`,
              verb: 'approve',
              ...excludedFrom(closedNow),
              command: run('approve', version),
            },
            {
              todo: `Reject ${version}`,
              verb: 'approve',
              command: `${run('reject', version)} --comment 'WHY'`,
            },
          ] as const)
        : []),
      ...(closed.has('suspend') ? resumeSteps(ref, pipeline, environment) : []),
      ...(closed.has('freeze') ? environment.freezes.map(unfreezeStep) : []),
      ...(acting.pullRequest !== undefined && closedNow.length === 0
        ? [{ todo: `Merge ${acting.pullRequest.url}` }]
        : []),
      ...(opens.length > 0 ? [overrideStep(run('override', version), opens)] : []),
      { todo: `Cancel the promotion of ${version}`, verb: 'promote', command: run('cancel', version) },
    ];
  }
  return [
    ...(settling === undefined
      ? []
      : [
          {
            todo: `Nothing: ${settling.version} is ${settling.stage}, and ${name} has not reported it yet`,
            command: commandLine(['windlass', 'describe', 'promotion', settling.promotion]),
          },
        ]),
    ...(failed === undefined
      ? []
      : [{ todo: `Run ${failed.version} again`, verb: 'promote', command: run('retry') } as const]),
    ...held.map(({ version }): Step => ({
      todo: `Promote ${version}, which is held`,
      verb: 'promote',
      command: run('promote', version),
    })),
  ];
}

/** The server names a gate, or the state that a promotion shows while it is closed. */
function closedGates(closed: Situation['closed']): ReadonlySet<string> {
  const said = new Set(closed.map(({ gate }) => gate));
  return new Set(
    Object.entries(gates)
      .filter(([name, { shownAs }]) => said.has(name) || said.has(shownAs))
      .map(([name]) => name),
  );
}

/** Whom none of the closed gates lets approve; one that excludes fewer people counts for those. */
function excludedFrom(closed: Situation['closed']): Pick<Step, 'excluded'> {
  const { excluded } = missingApproval(closed) ?? {};
  return excluded === undefined ? {} : { excluded };
}

/** An environment that is suspended by itself is resumed by itself. */
function resumeSteps(
  ref: string,
  pipeline: Situation['pipeline'],
  { name, suspended }: Environment,
): readonly Step[] {
  const manifest = 'if its manifest says suspend: true, change the manifest';
  const ofEnvironment: Step = {
    todo: `Resume ${name}`,
    verb: 'freeze',
    command: commandLine(['windlass', 'resume', ref, '--environment', name]),
  };
  const ofPipeline: Step = {
    todo: `Resume the Pipeline; ${manifest}`,
    verb: 'freeze',
    command: commandLine(['windlass', 'resume', ref]),
  };
  return [...(suspended ? [ofEnvironment] : []), ...(suspended && !pipeline.suspended ? [] : [ofPipeline])];
}

function unfreezeStep(freeze: string): Step {
  return {
    todo: `End the freeze ${freeze}; if a manifest made it, change the manifest`,
    verb: 'freeze',
    command: commandLine(['windlass', 'unfreeze', freeze]),
  };
}

function overrideStep(command: string, gates: readonly GateName[]): Step {
  return {
    todo: 'Open the gates for this version alone',
    verb: 'break-glass',
    command: `${command} --gates ${gates.join(',')} --reason 'WHY'`,
  };
}
