import { Argument, type Command, Option } from 'commander';
import { type ConnectionFlags } from '../../cli/access/choose-access';
import { type LoginFlags, type WhoamiFlags } from '../../cli/commands/login';
import { completeCommand, completionScripts, type Shell, shells } from '../../cli/completion/scripts';
import { addConnection, addOutput, several } from './options';
import { inSession, type Outside, toItsEnd } from './run';

/** `login`, `logout`, `whoami`, `dashboard` */
export function addIdentity(program: Command, outside: Outside): void {
  program
    .command('login')
    .description(
      'log in to a server, by token or by OpenID Connect on another device, and keep the token in the profile file',
    )
    .option('--server <url>', 'the API of Windlass, such as https://windlass.example.com [WINDLASS_SERVER]')
    .option(
      '--profile <name>',
      'the profile to write (default: the current one, else default) [WINDLASS_PROFILE]',
    )
    .option('--ca-file <file>', "CA certificates in PEM to trust besides the system's")
    .option('--token-stdin', 'read the token from standard input instead of asking for it')
    .addOption(
      new Option('--oidc-issuer-url <url>', 'log in by the device flow of this issuer').conflicts(
        'tokenStdin',
      ),
    )
    .option('--oidc-client-id <id>', 'the client that the server accepts')
    .option(
      '--oidc-extra-scope <scope>',
      'a scope to ask for besides, such as groups; repeat it for several',
      several,
    )
    .action(async (flags: LoginFlags) => {
      const { login } = await import('../../cli/commands/login.ts');
      await toItsEnd(outside, (surroundings) => login(flags, surroundings));
    });
  program
    .command('logout')
    .description('delete the token from the profile file')
    .option('--profile <name>', 'the profile (default: the current one) [WINDLASS_PROFILE]')
    .action(async (flags: Pick<ConnectionFlags, 'profile'>) => {
      const { logout } = await import('../../cli/commands/login.ts');
      await toItsEnd(outside, (surroundings) => logout(flags, surroundings));
    });
  addConnection(addOutput(program.command('whoami'), ['json', 'yaml']))
    .description('print as whom the server knows you, and what you may do')
    .argument('[namespace/pipeline]', 'what you may do on this Pipeline')
    .option('-n, --namespace <namespace>', 'what you may do in this namespace')
    .action(async (pipeline: string | undefined, flags: WhoamiFlags & ConnectionFlags) => {
      const { whoami } = await import('../../cli/commands/login.ts');
      await inSession(outside, flags, (session) => whoami(session, pipeline, flags));
    });
  addConnection(program.command('dashboard'))
    .description('print a link that logs a browser in to the dashboard, once within 5 minutes')
    .action(async (flags: ConnectionFlags) => {
      const { dashboard } = await import('../../cli/commands/dashboard.ts');
      await inSession(outside, flags, dashboard);
    });
}

/** `completion`, and the hidden command that its scripts run. */
export function addCompletion(program: Command, outside: Outside): void {
  program
    .command('completion')
    .description(
      'print a script that completes commands, flags and Pipelines: source <(windlass completion bash)',
    )
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(shells))
    .action(async (shell: Shell) => {
      await toItsEnd(outside, ({ terminal }) => {
        terminal.print(completionScripts[shell].trimEnd());
        return Promise.resolve('done');
      });
    });
  program
    .command(completeCommand, { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { candidatesFor } = await import('../../cli/completion/candidates.ts');
      const { namesOfServer } = await import('../../cli/completion/names-of-server.ts');
      await toItsEnd(outside, async (surroundings) => {
        const found = await candidatesFor(program, words, namesOfServer(surroundings));
        for (const word of found) surroundings.terminal.print(word);
        return 'done';
      });
    });
}
