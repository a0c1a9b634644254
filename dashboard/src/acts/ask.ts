import { createContext, use } from 'react';
import { type Asked } from './act-dialog';

export const AskContext = createContext<((asked: Asked) => void) | undefined>(undefined);

/** Opens the dialog of an act. Only below `Acts`. */
export function useAsk(): (asked: Asked) => void {
  const ask = use(AskContext);
  if (ask === undefined) throw new Error('There is no dialog to open: this belongs below Acts.');
  return ask;
}
