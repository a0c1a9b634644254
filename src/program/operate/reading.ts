import { type Command, Option } from 'commander';
import { type ConnectionFlags } from '../../cli/access/choose-access';
import { type AuditFlags } from '../../cli/commands/audit';
import { type DescribeFlags } from '../../cli/commands/describe';
import {
  type GetFreezesFlags,
  type GetPipelinesFlags,
  type GetPromotionsFlags,
} from '../../cli/commands/get';
import { type WatchFlags } from '../../cli/commands/watch';
import { addConnection, addList, addOutput, count, several } from './options';
import { inSession, type Outside } from './run';

type Connected<Flags> = Flags & ConnectionFlags;

const pipelineArgument = '<namespace/pipeline>';

/** `get`, `describe`, `why`, `audit`, `watch`: what only reads. */
export function addReading(program: Command, outside: Outside): void {
  addGet(program, outside);
  addDescribe(program, outside);
  addConnection(addOutput(program.command('why'), ['json', 'yaml']))
    .description('say what an environment waits for, and who can do what next')
    .argument(pipelineArgument)
    .argument('<environment>')
    .action(async (pipeline: string, environment: string, flags: Connected<DescribeFlags>) => {
      const { why } = await import('../../cli/commands/describe.ts');
      await inSession(outside, flags, (session) => why(session, pipeline, environment, flags));
    });
  addAudit(program, outside);
  addConnection(program.command('watch'))
    .description('print changes as they happen, until you stop it')
    .argument('[namespace/pipeline]', 'only changes of this Pipeline')
    .option('-n, --namespace <namespace>', 'only changes in this namespace')
    .addOption(new Option('-o, --output <format>', 'a line of JSON for each event').choices(['json']))
    .action(async (pipeline: string | undefined, flags: Connected<WatchFlags>) => {
      const { watch } = await import('../../cli/commands/watch.ts');
      await inSession(outside, flags, (session) => watch(session, pipeline, flags));
    });
}

function addGet(program: Command, outside: Outside): void {
  const get = program.command('get').description('list Pipelines, promotions and freezes');
  addConnection(addList(get.command('pipelines')))
    .description('list what runs where, what is proposed and what waits')
    .option('-n, --namespace <namespace>', 'only in this namespace')
    .option('-l, --selector <key=value>', 'only with this label; repeat it for several', several)
    .option('--search <text>', 'only with this text in namespace/name')
    .option('--environment <environment>', 'only this environment')
    .option(
      '--version <version>',
      'only environments that run, propose, queue or hold this version, or failed with it',
    )
    .addOption(
      new Option('--state <state>', 'only environments in which something is in this state').choices([
        'waiting',
        'approval',
        'failed',
        'held',
        'open',
      ]),
    )
    .option('--mine', 'only what waits for an approval that you may give')
    .addOption(new Option('--sort <order>', 'order (default: name)').choices(['name', 'changed', 'waiting']))
    .option('--limit <number>', 'at most so many Pipelines (default: 10000)', count)
    .option('-w, --watch', 'print the rows that change, until you stop it')
    .action(async (flags: Connected<GetPipelinesFlags>) => {
      const { getPipelines } = await import('../../cli/commands/get.ts');
      await inSession(outside, flags, (session) => getPipelines(session, flags));
    });
  addConnection(addList(get.command('promotions')))
    .description('list promotions, newest first, as long as Temporal remembers them')
    .option('--pipeline <namespace/pipeline>', 'only of this Pipeline')
    .option('--environment <environment>', 'only into this environment')
    .option('--state <state>', 'only in this state, see docs/reference/outcomes.md')
    .option('--version <version>', 'only of this version')
    .option('--actor <name>', 'only those that this person decided on; needs --pipeline')
    .option('--since <time>', 'started then or later: a duration such as 12h, or a time with its zone')
    .option('--until <time>', 'started before then')
    .option('--limit <number>', 'at most so many promotions (default: 100)', count)
    .option('-w, --watch', 'print the rows that change, until you stop it')
    .action(async (flags: Connected<GetPromotionsFlags>) => {
      const { getPromotions } = await import('../../cli/commands/get.ts');
      await inSession(outside, flags, (session) => getPromotions(session, flags));
    });
  addConnection(addList(get.command('freezes')))
    .description('list what is frozen, by whom, why and until when')
    .option('-n, --namespace <namespace>', 'only in this namespace')
    .option('--all', 'also those that have ended')
    .action(async (flags: Connected<GetFreezesFlags>) => {
      const { getFreezes } = await import('../../cli/commands/get.ts');
      await inSession(outside, flags, (session) => getFreezes(session, flags));
    });
}

function addDescribe(program: Command, outside: Outside): void {
  const describe = program.command('describe').description('show one Pipeline or promotion in full');
  addConnection(addOutput(describe.command('pipeline'), ['json', 'yaml']))
    .description('show a Pipeline, environment by environment')
    .argument(pipelineArgument)
    .action(async (pipeline: string, flags: Connected<DescribeFlags>) => {
      const { describePipelineCommand } = await import('../../cli/commands/describe.ts');
      await inSession(outside, flags, (session) => describePipelineCommand(session, pipeline, flags));
    });
  addConnection(addOutput(describe.command('promotion'), ['json', 'yaml']))
    .description('show a promotion: its times, attempts, gates, people and links')
    .argument('<id>', 'as windlass get promotions prints it')
    .action(async (id: string, flags: Connected<DescribeFlags>) => {
      const { describePromotionCommand } = await import('../../cli/commands/describe.ts');
      await inSession(outside, flags, (session) => describePromotionCommand(session, id, flags));
    });
}

function addAudit(program: Command, outside: Outside): void {
  addConnection(addOutput(program.command('audit'), ['wide', 'json', 'yaml', 'csv']))
    .description('print who decided what, and the results, newest first')
    .option('--no-headers', 'print no line with the names of the columns')
    .option('--since <time>', 'from then on: a duration such as 90d, or a time with its zone')
    .option('--until <time>', 'before then')
    .option('--pipeline <namespace/pipeline>', 'only of this Pipeline')
    .option('-n, --namespace <namespace>', 'only in this namespace')
    .option('--environment <environment>', 'only of this environment')
    .option('--version <version>', 'only of this version')
    .option('--by <name>', 'only by this person')
    .option('--kind <kind>', 'only records of this kind, such as approved; repeat it for several', several)
    .option('--decisions', 'only what people decided')
    .option('--limit <number>', 'at most so many records (default: 10000)', count)
    .action(async (flags: Connected<AuditFlags>) => {
      const { audit } = await import('../../cli/commands/audit.ts');
      await inSession(outside, flags, (session) => audit(session, flags));
    });
}
