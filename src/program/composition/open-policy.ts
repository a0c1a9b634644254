import { type Logger } from 'pino';
import { settings } from '../../config/settings';
import { openPolicyFile, type PolicyFile } from '../../store/policy-file';
import { openOperatorFile } from './operator-file';

/**
 * Opens the operator's policy, if there is one.
 * @throws ConfigurationError if it is invalid: without it, promotions would wait for less than the operator wants
 */
export async function openPolicy(file: string | undefined, log: Logger): Promise<PolicyFile | undefined> {
  if (file === undefined) return undefined;
  return openOperatorFile(settings.policyFile, openPolicyFile({ file, log }));
}
