import { Command, Option } from 'commander';
import { version } from '../../package.json';
import { type Config, readConfig } from '../config/config';
import { type EventSendOptions } from './commands/event-send';
import { type Service } from '../config/setting';
import { settings } from '../config/settings';
import { addActing } from './operate/acting';
import { addCompletion, addIdentity } from './operate/identity';
import { addReading } from './operate/reading';
import { type Outside, thisProcess } from './operate/run';
import { addSettings } from './setting-options';

const print = (text: string) => console.log(text);

/**
 * The program `windlass`; each command sets the exit code. A command loads its code when it runs: those for people must
 * answer before the code of the services could be read.
 */
export function createProgram(outside: Outside = thisProcess): Command {
  const program = new Command('windlass')
    .description(
      'Promotes Flux HelmReleases from environment to environment by pull request or notification.',
    )
    .version(version)
    // Or --version of `event send`, a chart's, would print the program's.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('Run windlass --help for usage.');
  program
    .command('version')
    .description('print the version')
    .action(() => print(version));
  addReading(program, outside);
  addActing(program, outside);
  addIdentity(program, outside);
  addCompletion(program, outside);
  addServices(program);
  addEventSend(program);
  addPipelineValidate(program);
  addMarkers(program);
  return program;
}

function addServices(program: Command): void {
  service(
    program,
    'api',
    'serve the webhook and the API for operators',
    temporal,
    async () => (await import('./commands/api.ts')).runApi,
  );
  service(
    program,
    'worker',
    'run promotions',
    temporal,
    async () => (await import('./commands/worker.ts')).runWorker,
  );
  service(
    program,
    'dev',
    'run api, worker and a Temporal server in one process, for one machine',
    ownTemporal,
    async () => (await import('./commands/dev.ts')).runDev,
  );
}

/** The Temporal server of a service. */
interface TemporalSource {
  /** In sentences. */
  readonly faults: () => Promise<string[]>;
  readonly help: string;
}

const temporal: TemporalSource = {
  faults: temporalFaults,
  help:
    'The connection to Temporal: TEMPORAL_ADDRESS (default: localhost:7233), TEMPORAL_NAMESPACE, TEMPORAL_API_KEY,\n' +
    'TEMPORAL_TLS_…, or a profile in temporal.toml (TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE).',
};

const ownTemporal: TemporalSource = {
  faults: () => Promise.resolve([]),
  help:
    'The Temporal server: WINDLASS_TEMPORAL_CLI names the `temporal` executable to start (default: the one on PATH,\n' +
    'else one is downloaded once).',
};

function service(
  program: Command,
  name: Service | 'dev',
  description: string,
  temporalSource: TemporalSource,
  load: () => Promise<(config: Config) => Promise<number>>,
): void {
  const command = program
    .command(name)
    .description(description)
    // Reported together with all other errors.
    .allowUnknownOption()
    .allowExcessArguments();
  const flags = addSettings(command, settings, name === 'dev' ? ['api', 'worker'] : [name]);
  command.addHelpText('after', `\n${temporalSource.help}`);
  command.action(async () => {
    const faults = [...unknownArguments(command), ...(await temporalSource.faults())];
    const config = readConfig(flags(), process.env, faults);
    const run = await load();
    process.exitCode = await run(config);
  });
}

/** Unknown arguments; an argument after an unknown flag may be that flag's value. */
function unknownArguments(command: Command): string[] {
  const flags = command.args.filter((argument) => argument.startsWith('-'));
  if (flags.length > 0) {
    return flags.map((flag) => `${flag.split('=', 1).join()}: unknown flag.`);
  }
  return command.args.map(
    (argument) => `${JSON.stringify(argument)}: windlass ${command.name()} takes no arguments.`,
  );
}

/** Temporal's own rules apply to the variables and the profile that name the Temporal server. */
async function temporalFaults(): Promise<string[]> {
  const { temporalTargetFromEnvironment } = await import('../temporal/target-from-environment.ts');
  try {
    temporalTargetFromEnvironment();
    return [];
  } catch (error) {
    return [`Temporal's connection settings (TEMPORAL_…, temporal.toml): ${(error as Error).message}.`];
  }
}

function addEventSend(program: Command): void {
  program
    .command('event')
    .description('send events, to test an installation')
    .command('send')
    .description('sign and post an event as Flux does; set the key with --hmac-key-file or WINDLASS_HMAC_KEY')
    .requiredOption(
      '--url <url>',
      'the webhook: http://HOST:8082/promotion/{namespace}/{pipeline}/{environment}',
    )
    .addOption(
      new Option(
        '--from-helmrelease <file>',
        'a HelmRelease as `kubectl get -o yaml` prints it (- is standard input): the event that Flux sent for the release it runs',
      ).conflicts(['name', 'namespace', 'uid', 'release', 'revision', 'version']),
    )
    .option('--name <name>', "the HelmRelease's name, as in the Pipeline's appRef")
    .option('--namespace <namespace>', "the HelmRelease's namespace, as in the environment's target")
    .addOption(new Option('--revision <version>', 'the deployed chart version'))
    .addOption(new Option('--version <version>', 'same as --revision').conflicts('revision'))
    .option('--uid <uid>', "the HelmRelease's uid (default: its namespace and name)")
    .option('--release <number>', "Helm's release number; 1 is an installation (default: 1)")
    .option('--hmac-key-file <file>', 'file that contains the key, used byte for byte')
    .action(async ({ version: revision, ...options }: EventSendOptions & { readonly version?: string }) => {
      const named = revision === undefined ? options : { ...options, revision };
      const { sendEvent } = await import('./commands/event-send.ts');
      process.exitCode = await sendEvent(named, process.env, print);
    });
}

function addMarkers(program: Command): void {
  program
    .command('markers')
    .description('list the markers in a checkout, what they set, and those that do not count')
    .argument('<directory>', 'a checkout, or a directory in it')
    .option('--pipeline <namespace/name>', 'only the markers of this Pipeline')
    .action(async (directory: string, { pipeline }: { pipeline?: string }) => {
      const { printMarkers } = await import('./commands/markers.ts');
      process.exitCode = await printMarkers(directory, pipeline, print);
    });
}

function addPipelineValidate(program: Command): void {
  program
    .command('pipeline')
    .description('Pipelines')
    .command('validate')
    .description('check Pipelines and Secrets in YAML files')
    .argument(
      '<path...>',
      'YAML files, and directories with *.yaml and *.yml below them; - is standard input',
    )
    .action(async (paths: string[]) => {
      const { validatePipelines } = await import('./commands/pipeline-validate.ts');
      const { openParser } = await import('./composition/open-parser.ts');
      const parser = openParser();
      process.exitCode = await validatePipelines(paths, parser, print);
      await parser.close();
    });
}
