/** What a shell can offer for a command line, from the program's own tree of commands. */
import { type Command, type Option } from 'commander';

/** Asks for what only the server knows; empty where it cannot be had quickly. */
export interface Names {
  pipelines(): Promise<readonly string[]>;
  environments(pipeline: string): Promise<readonly string[]>;
}

/** Names that a shell takes as they are: no other is offered. */
const plainWord = /^[\w@%+:,./-]+$/;

/**
 * @param words after the program's name, the last one is being written and may be empty
 * @returns sorted as the help has them; only what begins with the last word
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  names: Names,
): Promise<string[]> {
  const current = words.at(-1) ?? '';
  const { command, rest } = descend(program, words.slice(0, -1));
  const offered = await offer(command, rest, current, names);
  return offered.filter((word) => word.startsWith(current) && plainWord.test(word));
}

async function offer(
  command: Command,
  before: readonly string[],
  current: string,
  names: Names,
): Promise<readonly string[]> {
  const options = visible(command.options);
  const previous = before.at(-1);
  const open = options.find((option) => isFlag(option, previous) && (option.required || option.optional));
  if (open !== undefined) return valuesOf(open, names);
  if (current.startsWith('-')) return [...options.map(({ long }) => long ?? ''), '--help'];
  const subcommands = visible(command.commands).map((each) => each.name());
  if (subcommands.length > 0) return subcommands;
  const values = positionals(options, before);
  const argument = command.registeredArguments[values.length];
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return argument.argChoices;
  if (argument.name() === 'namespace/pipeline') return names.pipelines();
  const [pipeline] = values;
  return argument.name() === 'environment' && pipeline !== undefined ? names.environments(pipeline) : [];
}

function valuesOf(option: Option, names: Names): readonly string[] | Promise<readonly string[]> {
  if (option.argChoices !== undefined) return option.argChoices;
  return option.long === '--pipeline' ? names.pipelines() : [];
}

/** Follows subcommands; what is none belongs to the command. */
function descend(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  const [word, ...rest] = words;
  const next = program.commands.find((each) => each.name() === word);
  return next === undefined ? { command: program, rest: words } : descend(next, rest);
}

/** The words that are neither flags nor their values. */
function positionals(options: readonly Option[], words: readonly string[]): string[] {
  return words.filter((word, index) => {
    const previous = words[index - 1];
    const isValue = options.some((option) => isFlag(option, previous) && option.required);
    return !word.startsWith('-') && !isValue;
  });
}

const isFlag = ({ long, short }: Option, word: string | undefined): boolean =>
  word !== undefined && (word === long || word === short);

function visible<T extends Option | Command>(all: readonly T[]): T[] {
  return all.filter((each) => !('hidden' in each ? each.hidden : isHidden(each)));
}

function isHidden(command: Option | Command): boolean {
  return '_hidden' in command && command._hidden === true;
}
