import { type FollowedFile, type FollowedFileOptions, followFile } from '../../store/followed-file';
import { type Authorizer, type Caller } from '../access';
import { type AccessPolicy, allNamespaces, readAccessPolicy } from './access-policy-schema';

/**
 * Reads the access policy, again when its file changes.
 * @throws InvalidFile if it is invalid at the start
 */
export function openAccessPolicy(
  options: Pick<FollowedFileOptions<AccessPolicy>, 'file' | 'log' | 'pollIntervalMs'>,
): Promise<FollowedFile<AccessPolicy>> {
  return followFile({
    ...options,
    what: 'The access policy',
    read: readAccessPolicy,
    summary: ({ rules }) => ({ rules: rules.length }),
  });
}

/**
 * Allows what a rule allows, and nothing else.
 * @param policy the one in force
 */
export function policyAuthorizer(policy: () => AccessPolicy): Authorizer {
  return {
    allows: (caller, verb, { namespace }) =>
      Promise.resolve(
        policy().rules.some(
          (rule) =>
            rule.verbs.includes(verb) &&
            rule.namespaces.some((each) => each === allNamespaces || each === namespace) &&
            rule.subjects.some((subject) => isSubject(caller, subject)),
        ),
      ),
  };
}

function isSubject(
  { name, groups }: Caller,
  subject: AccessPolicy['rules'][number]['subjects'][number],
): boolean {
  return 'user' in subject ? subject.user === name : groups.includes(subject.group);
}
