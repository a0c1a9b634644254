import { type PromotionPolicy } from '../domain/policy/promotion-policy';
import { readPromotionPolicy } from '../resources/promotion-policy-schema';
import { type FollowedFile, type FollowedFileOptions, followFile } from './followed-file';

export type PolicyFile = FollowedFile<PromotionPolicy>;

/**
 * Reads an operator's policy, again when its file changes. There is never no policy.
 * @throws InvalidFile if it is invalid at the start
 */
export function openPolicyFile(
  options: Pick<FollowedFileOptions<PromotionPolicy>, 'file' | 'log' | 'pollIntervalMs'>,
): Promise<PolicyFile> {
  return followFile({
    ...options,
    what: "The operator's policy",
    read: (text, source) => {
      const { policy, faults } = readPromotionPolicy(text, source);
      return { value: policy, faults };
    },
    summary: ({ rules }) => ({ rules: rules.map(({ name }) => name) }),
  });
}
