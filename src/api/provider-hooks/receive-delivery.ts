import { randomBytes } from 'node:crypto';
import { repositoryIdentity } from '../../domain/pipeline/repository-identity';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type IndexedPipelineStore } from '../../store/pipeline-store';
import { type FollowerHints } from '../../temporal/follower-hints';
import { type Unavailable, unavailable } from '../unavailable';
import { type Delivery, type HookService } from './hook-service';
import { readHookSecrets } from './hook-secrets';

/** GitHub waits 10 s for an answer, and never retries. */
const hintDeadlineMs = 6_000;

export interface DeliveryReceiving {
  readonly store: Pick<IndexedPipelineStore, 'repositories' | 'secret'>;
  readonly hints: FollowerHints;
}

/** The result of a delivery whose body was read. `why` is only for the operator's log. */
export type DeliveryReceipt =
  | { readonly outcome: 'hint' }
  /** `event`: a short plain name. */
  | { readonly outcome: 'other-delivery'; readonly event: string }
  | { readonly outcome: 'unauthorized-delivery'; readonly why: () => string }
  | Unavailable;

/** Compared where there is no secret, so that every rejection costs the same work. */
const dummySecret = randomBytes(32);

/**
 * Verifies a delivery and passes it on to whatever follows the repository: as a hint to look, because what a payload
 * says is never believed.
 * @param onVerified called once the sender has shown that it has the secret
 * @throws only for internal errors
 */
export async function receiveDelivery(
  { store, hints }: DeliveryReceiving,
  provider: HookService['provider'],
  delivery: Delivery,
  onVerified: () => void,
): Promise<DeliveryReceipt> {
  try {
    const repositories = await referencesTo(store, provider, delivery);
    const { secrets, unreadable } = await readHookSecrets(store, repositories);
    const [first = { value: dummySecret, repositories: [] }, ...others] = secrets;
    const proved = [first, ...others]
      .filter(({ value }) => delivery.isProvedBy(value))
      .flatMap((secret) => secret.repositories);
    if (proved.length === 0) {
      if (unreadable !== undefined) throw unreadable;
      return {
        outcome: 'unauthorized-delivery',
        why: () => unprovedReason(delivery, repositories, secrets.length),
      };
    }
    onVerified();
    if (!delivery.isHint) return { outcome: 'other-delivery', event: printable(delivery.event) };
    await Promise.all(proved.map((repository) => hints.look(repository, hintDeadlineMs)));
    return { outcome: 'hint' };
  } catch (error) {
    return unavailable(error);
  }
}

/** Each once: a payload has several URLs of its repository. */
async function referencesTo(
  store: DeliveryReceiving['store'],
  provider: HookService['provider'],
  { claimed }: Delivery,
): Promise<readonly FollowedRepository[]> {
  const urls = new Map(claimed.map((url) => [repositoryIdentity(url), url])).values();
  const found = await Promise.all([...urls].map((url) => store.repositories(provider, url)));
  return [...new Map(found.flat().map((each) => [JSON.stringify(each), each])).values()];
}

const shownLength = 200;

function unprovedReason(
  { claimed }: Delivery,
  repositories: readonly FollowedRepository[],
  secrets: number,
): string {
  const [url] = claimed;
  if (url === undefined)
    return 'the body is not the JSON of a repository webhook: set its content type to application/json';
  const repository = repositoryIdentity(url).slice(0, shownLength);
  if (repositories.length === 0) return `no valid Pipeline has the repository ${repository}`;
  if (secrets === 0)
    return `no Secret of the Pipelines for ${repository} has webhook-secret, or only a blank or encrypted one`;
  return `the signature or token was not made with the webhook-secret of a Pipeline for ${repository}`;
}

function printable(event: string): string {
  return /^[A-Za-z0-9_ -]{1,64}$/.test(event) ? event : 'this event';
}
