/** Who asked for a promotion, or wrote commits of it: such a person does not approve it, under no name and no login. */
import { type Vouching } from '../people/actor';

export interface Requesters {
  /** Names. */
  readonly requesters?: readonly string[];
  /** Through which authenticators they asked, see `requestedVia`. */
  readonly requestedVia?: readonly Vouching[];
}

/** What a promotion keeps of those who asked for it. */
interface Asked {
  readonly request?: { readonly actor: { readonly via: Vouching } } | undefined;
  readonly manualApproval?: { readonly via?: Vouching } | undefined;
}

/**
 * Authors of commits have no authenticator, the key of a hop is not a person's login, and of what came through Temporal
 * alone it is not known.
 */
export function requestedVia({ request, manualApproval }: Asked): readonly Vouching[] {
  const known = [request?.actor.via, manualApproval?.via];
  return [...new Set(known.filter((via) => via !== undefined && via !== 'signature'))];
}

/** Whether the name is one of theirs. Git providers name people without the prefix of an authenticator: `oidc:alice` is alice. */
export function isRequester(by: string, { requesters = [] }: Requesters): boolean {
  return requesters.some((each) => by === each || (by.endsWith(each) && isPrefix(by.slice(0, -each.length))));
}

/** Whether one of them may be the same person, with another login. */
export function isOtherLogin(
  { via }: { readonly via?: Vouching },
  { requestedVia: asked = [] }: Requesters,
): boolean {
  return asked.some((each) => each !== via);
}

/** `oidc:`, or `https://issuer.example#`. */
function isPrefix(text: string): boolean {
  return /[:#/]$/.test(text);
}
