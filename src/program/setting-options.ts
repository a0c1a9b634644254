import { type Command, Option } from 'commander';
import { type FlagsOf } from '../config/read-settings';
import { environmentVariable, type Registry, type Service, type Setting } from '../config/setting';

/**
 * Gives a command all settings as options. Its help shows those that have an effect on one of `services`; the others are
 * taken all the same.
 * @returns what the command line says, once it was parsed
 */
export function addSettings<Settings extends Registry>(
  command: Command,
  settings: Settings,
  services: readonly Service[],
): () => FlagsOf<Settings> {
  const options = Object.entries(settings).map(([name, setting]) => {
    const shown = setting.readBy.some((service) => services.includes(service));
    return { name, option: optionOf(setting).hideHelp(!shown) };
  });
  for (const { option } of options) command.addOption(option);
  return () =>
    Object.fromEntries(
      options.map(({ name, option }) => [name, command.getOptionValue(option.attributeName())]),
    ) as FlagsOf<Settings>;
}

function optionOf(setting: Setting): Option {
  const { argument } = setting.kind;
  const fallback =
    typeof setting.default === 'string' && setting.default !== '' ? setting.default : undefined;
  return new Option(
    `--${setting.flag} ${argument === 'boolean' ? '[boolean]' : `<${argument}>`}`,
    `${setting.description}${fallback === undefined ? '' : ` (default: ${fallback})`} [${environmentVariable(setting)}]`,
  );
}
