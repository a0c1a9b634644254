import { ConfigurationError } from '../../config/configuration-error';
import { environmentVariable, type Setting } from '../../config/setting';
import { InvalidFile } from '../../store/followed-file';

/** A setting for people: its flag and its variable. */
export function settingName(setting: Setting): string {
  return `--${setting.flag} (${environmentVariable(setting)})`;
}

/**
 * Opens the file that a setting names.
 * @throws ConfigurationError instead of InvalidFile
 */
export async function openOperatorFile<T>(setting: Setting, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
    const name = settingName(setting);
    throw new ConfigurationError(
      error.faults.map((fault) => `${name}: ${fault}${fault.endsWith('?') ? '' : '.'}`),
    );
  }
}
