import { createContext, use } from 'react';
import { type Me } from './me';

export const SessionContext = createContext<Me | undefined>(undefined);

/** Who is logged in. Only below `SessionGate`. */
export function useSession(): Me {
  const me = use(SessionContext);
  if (me === undefined) throw new Error('No one is logged in: this belongs below SessionGate.');
  return me;
}
