import { type Command } from 'commander';
import { type ConnectionFlags } from '../../cli/access/choose-access';
import { type ActFlags, type ConfirmFlags, type WaitFlags } from '../../cli/commands/act';
import { type DecisionFlags } from '../../cli/commands/decide';
import { type FreezeFlags, type ResumeFlags, type SuspendFlags } from '../../cli/commands/hold';
import { stages } from '../../cli/waiting/goal';
import { addConfirmation, addConnection, addOutput, addWait, several } from './options';
import { inSession, type Outside } from './run';

type Flags = ActFlags & WaitFlags & ConnectionFlags & { readonly reason?: string };

const decisions = () => import('../../cli/commands/decide.ts');
const holds = () => import('../../cli/commands/hold.ts');

/** What people do to one environment, to a Pipeline or to a namespace. */
export function addActing(program: Command, outside: Outside): void {
  addApproval(program, outside);
  addPromotion(program, outside);
  addRollback(program, outside);
  addSuspension(program, outside);
  addFreeze(program, outside);
}

function onPipeline(program: Command, name: string, description: string): Command {
  return addConnection(addOutput(program.command(name), ['json', 'yaml']))
    .description(description)
    .argument('<namespace/pipeline>');
}

function onEnvironment(program: Command, name: string, description: string): Command {
  return onPipeline(program, name, description).argument('<environment>', 'the one promoted into');
}

const head = [
  '--head <commit>',
  'the commit that you looked at: refused if the pull request has another by now',
] as const;
const reason = ['--reason <text>', 'why, for the record'] as const;

function addApproval(program: Command, outside: Outside): void {
  addWait(onEnvironment(program, 'approve', 'approve the version that waits'), stages)
    .argument('<version>')
    .option('--comment <text>', 'a comment for the record')
    .option(...head)
    .action(
      async (
        pipeline: string,
        environment: string,
        version: string,
        flags: DecisionFlags & ConnectionFlags,
      ) => {
        const { approve } = await decisions();
        await inSession(outside, flags, (session) => approve(session, pipeline, environment, version, flags));
      },
    );
  addWait(
    onEnvironment(
      program,
      'reject',
      'reject the version that waits: it is held until a newer one comes or someone promotes it',
    ),
  )
    .argument('<version>')
    .requiredOption('--comment <text>', 'why, for the record')
    .option(...head)
    .action(
      async (
        pipeline: string,
        environment: string,
        version: string,
        flags: DecisionFlags & ConnectionFlags & { readonly comment: string },
      ) => {
        const { reject } = await decisions();
        await inSession(outside, flags, (session) => reject(session, pipeline, environment, version, flags));
      },
    );
}

function addPromotion(program: Command, outside: Outside): void {
  addWait(onEnvironment(program, 'retry', 'run the last failed promotion again'), stages)
    .option(...reason)
    .action(async (pipeline: string, environment: string, flags: Flags) => {
      const { retry } = await decisions();
      await inSession(outside, flags, (session) => retry(session, pipeline, environment, flags));
    });
  addWait(
    onEnvironment(
      program,
      'cancel',
      'cancel the promotion of a version; its pull request stays open for people',
    ),
  )
    .argument('<version>')
    .option(...reason)
    .action(async (pipeline: string, environment: string, version: string, flags: Flags) => {
      const { cancel } = await decisions();
      await inSession(outside, flags, (session) => cancel(session, pipeline, environment, version, flags));
    });
  addWait(
    onEnvironment(
      program,
      'promote',
      'promote a version, whether or not the environment before runs it; all gates apply',
    ),
    stages,
  )
    .argument('<version>')
    .option(...reason)
    .action(async (pipeline: string, environment: string, version: string, flags: Flags) => {
      const { promote } = await decisions();
      await inSession(outside, flags, (session) => promote(session, pipeline, environment, version, flags));
    });
}

function addRollback(program: Command, outside: Outside): void {
  addConfirmation(
    addWait(
      onEnvironment(
        program,
        'rollback',
        'propose a version that the environment has run, and hold newer ones; without a version, list those that are possible',
      ),
      stages,
    ),
  )
    .argument('[version]')
    .option(...reason)
    .action(
      async (
        pipeline: string,
        environment: string,
        version: string | undefined,
        flags: Flags & ConfirmFlags,
      ) => {
        const { rollback } = await decisions();
        await inSession(outside, flags, (session) =>
          rollback(session, pipeline, environment, version, flags),
        );
      },
    );
  addConfirmation(
    addWait(
      onEnvironment(program, 'override', 'open gates for one promotion (break-glass), with a reason'),
      stages,
    ),
  )
    .argument('<version>')
    .requiredOption('--gates <gates>', 'the gates to open, separated by commas, as windlass why prints them')
    .requiredOption(...reason)
    .action(
      async (
        pipeline: string,
        environment: string,
        version: string,
        flags: Flags & ConfirmFlags & { readonly gates: string; readonly reason: string },
      ) => {
        const { override } = await decisions();
        await inSession(outside, flags, (session) =>
          override(session, pipeline, environment, version, flags),
        );
      },
    );
}

function addSuspension(program: Command, outside: Outside): void {
  onPipeline(program, 'suspend', 'suspend the promotions of a Pipeline, or into one environment')
    .option('--environment <environment>', 'only promotions into this environment')
    .requiredOption(...reason)
    .action(async (pipeline: string, flags: SuspendFlags & ConnectionFlags) => {
      const { suspend } = await holds();
      await inSession(outside, flags, (session) => suspend(session, pipeline, flags));
    });
  onPipeline(program, 'resume', 'resume what was suspended with windlass suspend')
    .option('--environment <environment>', 'only promotions into this environment')
    .option(...reason)
    .action(async (pipeline: string, flags: ResumeFlags & ConnectionFlags) => {
      const { resume } = await holds();
      await inSession(outside, flags, (session) => resume(session, pipeline, flags));
    });
}

function addFreeze(program: Command, outside: Outside): void {
  addConfirmation(addConnection(addOutput(program.command('freeze'), ['json', 'yaml'])))
    .description('freeze the promotions of a namespace, or a part of them')
    .requiredOption('-n, --namespace <namespace>', 'the namespace whose Pipelines are held')
    .requiredOption(...reason)
    .option(
      '--from <time>',
      'begin then: a duration from now such as 2h, or a time with its zone (default: now)',
    )
    .option('--until <time>', 'end then (default: when someone ends it)')
    .option(
      '--environment <environment>',
      'only promotions into this environment; repeat it for several',
      several,
    )
    .option('--pipeline <name>', 'only this Pipeline of the namespace; repeat it for several', several)
    .option('-l, --selector <key=value>', 'only Pipelines with this label; repeat it for several', several)
    .action(async (flags: FreezeFlags & ConnectionFlags) => {
      const { freeze } = await holds();
      await inSession(outside, flags, (session) => freeze(session, flags));
    });
  addConnection(addOutput(program.command('unfreeze'), ['json', 'yaml']))
    .description('end a freeze that windlass freeze made')
    .argument('<namespace/freeze>', 'as windlass get freezes prints it')
    .action(async (freezeName: string, flags: ActFlags & ConnectionFlags) => {
      const { unfreeze } = await holds();
      await inSession(outside, flags, (session) => unfreeze(session, freezeName, flags));
    });
}
