import { type Logger } from 'pino';
import { ConfigurationError } from '../../config/configuration-error';
import { environmentVariable } from '../../config/setting';
import { settings } from '../../config/settings';
import { InvalidPolicyFile, openPolicyFile, type PolicyFile } from '../../store/policy-file';

const setting = `--${settings.policyFile.flag} (${environmentVariable(settings.policyFile)})`;

/**
 * Opens the operator's policy, if there is one.
 * @throws ConfigurationError if it is invalid: without it, promotions would wait for less than the operator wants
 */
export async function openPolicy(file: string | undefined, log: Logger): Promise<PolicyFile | undefined> {
  if (file === undefined) return undefined;
  try {
    return await openPolicyFile({ file, log });
  } catch (error) {
    if (!(error instanceof InvalidPolicyFile)) throw error;
    throw new ConfigurationError(
      error.faults.map((fault) => `${setting}: ${fault}${fault.endsWith('?') ? '' : '.'}`),
    );
  }
}
