import { type RepositoryUrl } from '../../domain/pipeline/repository-url';

/** What a service sends with a delivery, by header name in lower case. */
export type DeliveryHeaders = (name: string) => string | undefined;

/** One delivery of a repository's webhook, before it is verified. */
export interface Delivery {
  /** The event's name, as the service writes it; empty if it has none. */
  readonly event: string;
  /** Whether something about a pull request has changed. */
  readonly isHint: boolean;
  /** The URLs that the payload claims for its repository; empty if it names none. */
  readonly claimed: readonly RepositoryUrl[];
  /** Whether the sender has this secret. Takes the same time in both cases, also if the delivery has no proof. */
  isProvedBy(secret: Uint8Array): boolean;
}

/** A Git hosting service whose repositories have webhooks. */
export interface HookService {
  readonly provider: 'github' | 'gitlab' | 'gitea';
  /** Never throws, whatever the payload is. @param body the bytes that were sent */
  read(headers: DeliveryHeaders, body: Uint8Array): Delivery;
}
