import { type Argument, type Command, type Option } from 'commander';
import { exitCodes } from '../../src/cli/exit-codes';
import { goals } from '../../src/cli/waiting/goal';
import { createProgram } from '../../src/program/program';
import { type Generator } from './generated-file';
import { code, markdownTable, replaceGenerated } from './markdown';

const cliPage = 'docs/reference/cli.md';

/** Their flags are settings, which have a page of their own. */
const services = new Set(['api', 'worker', 'dev']);

/** The reference of the commands, from the program itself. */
export const generateFromProgram: Generator = (committed) => {
  const commands = leaves(createProgram()).filter(({ words }) => !services.has(words));
  const sections: Readonly<Record<string, string>> = {
    commands: commandTable(commands),
    'exit codes': exitCodeTable(),
    goals: goalTable(),
    usage: commands.map(commandSection).join('\n\n'),
  };
  let text = committed(cliPage);
  for (const [name, content] of Object.entries(sections)) text = replaceGenerated(text, name, content);
  return [{ path: cliPage, text }];
};

interface Leaf {
  /** Without the program's name. */
  readonly words: string;
  readonly command: Command;
}

/** Commands that do something, in the order of the help. */
function leaves(parent: Command, before: readonly string[] = []): Leaf[] {
  const shown = parent.createHelp().visibleCommands(parent);
  return shown
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const words = [...before, command.name()];
      return command.commands.length > 0 ? leaves(command, words) : [{ words: words.join(' '), command }];
    });
}

const usageOf = ({ words, command }: Leaf): string =>
  ['windlass', words, ...command.registeredArguments.map(argumentText)].join(' ');

const argumentText = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

function commandTable(commands: readonly Leaf[]): string {
  return markdownTable([
    ['command', 'what it does'],
    ...commands.map((leaf) => [code(usageOf(leaf)), leaf.command.description()]),
  ]);
}

function commandSection(leaf: Leaf): string {
  const { words, command } = leaf;
  const documented = command.registeredArguments.filter(({ description }) => description !== '');
  const rows = [
    ...documented.map((argument) => [code(argumentText(argument)), argument.description]),
    ...command.options.map((option) => [code(option.flags), optionText(option)]),
  ];
  const table = rows.length === 0 ? [] : ['', markdownTable([['argument or flag', 'description'], ...rows])];
  return [
    `### ${words}`,
    '',
    '```text',
    usageOf(leaf),
    '```',
    '',
    sentence(command.description()),
    ...table,
  ].join('\n');
}

function optionText({ description, argChoices, mandatory }: Option): string {
  const choices = argChoices === undefined ? '' : `: ${argChoices.map(code).join(', ')}`;
  return `${description}${choices}${mandatory ? '; required' : ''}`.replaceAll('|', '\\|');
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function exitCodeTable(): string {
  return markdownTable([
    ['code', 'meaning'],
    ...Object.values(exitCodes).map(({ code: number, meaning }) => [code(String(number)), meaning]),
  ]);
}

function goalTable(): string {
  return markdownTable([
    ['goal', 'reached when'],
    ...Object.entries(goals).map(([goal, meaning]) => [code(goal), meaning]),
  ]);
}
