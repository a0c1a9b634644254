/** Flags that several commands have. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Which server, and as whom. */
export function addConnection(command: Command): Command {
  return command
    .option('--server <url>', 'the API of Windlass, such as https://windlass.example.com [WINDLASS_SERVER]')
    .option(
      '--token-file <file>',
      'file that contains the token; - is standard input [WINDLASS_TOKEN holds a token itself]',
    )
    .option(
      '--profile <name>',
      'a profile of the profile file (default: the last one logged in to) [WINDLASS_PROFILE]',
    )
    .option('--ca-file <file>', "CA certificates in PEM to trust besides the system's");
}

export function addOutput(command: Command, formats: readonly string[]): Command {
  return command.addOption(new Option('-o, --output <format>', 'output format').choices([...formats]));
}

export function addList(command: Command): Command {
  return addOutput(command, ['wide', 'json', 'yaml', 'name']).option(
    '--no-headers',
    'print no line with the names of the columns',
  );
}

export function addWait(command: Command, stages?: readonly string[]): Command {
  command.option(
    '--wait',
    'wait until the promotion has reached what the act is for, and print each change of its state',
  );
  if (stages !== undefined) {
    command.addOption(
      new Option('--wait-for <stage>', 'the same, until this stage (default: proposed)').choices([...stages]),
    );
  }
  return command.option(
    '--timeout <duration>',
    'end --wait after this time, such as 30s or 1h (default: 10m)',
  );
}

export function addConfirmation(command: Command): Command {
  return command.option('-y, --yes', 'do not ask before it is done');
}

/** Collects a flag that can be given several times. */
export function several(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** @throws InvalidArgumentError */
export function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Write a number from 1.');
}
