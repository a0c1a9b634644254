import { type Forge } from '../../demo/forge/forge';
import { type RequestKind } from '../../demo/forge/faults';
import { eventually } from './eventually';

/**
 * Waits for a request that comes in after this call.
 * @returns when the forge has it; the answer may still be on its way
 */
export function nextArrival(
  forge: Forge,
  kind: RequestKind,
  { path = /./, limitMs = 60_000 } = {},
): Promise<unknown> {
  const seen = forge.requests.length;
  return eventually(
    () => forge.requests.slice(seen).some((request) => request.kind === kind && path.test(request.path)),
    limitMs,
  );
}
