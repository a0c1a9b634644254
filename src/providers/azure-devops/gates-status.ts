import { gatesCheckName } from '../port';

/** Azure DevOps writes it `genre/name`, too. */
const [genre = '', name = ''] = gatesCheckName.split('/');
export const gatesContext = { genre, name };

interface Context {
  readonly name?: string | null | undefined;
  readonly genre?: string | null | undefined;
}

export function isGates(context: Context): boolean {
  return contextKey(context) === gatesCheckName;
}

/** One text for a status' name, in which upper and lower case do not differ. */
export function contextKey(context: Context): string {
  return `${context.genre ?? ''}/${context.name ?? ''}`.toLowerCase();
}
