import { type Outbound } from '../../src/http/outbound/outbound';
import { type ApiAccess } from '../../src/providers/port';

/** Access with one token for ever. */
export function accessWith(token: string, outbound: Outbound): ApiAccess {
  return () => Promise.resolve({ token, outbound });
}
