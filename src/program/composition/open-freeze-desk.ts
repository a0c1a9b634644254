import { type FreezeDesk } from '../../store/freeze-desk';
import { type OpenParts } from '../lifetime/open-parts';
import { type Foundation } from './foundation';

/** Opens what makes and ends freezes for the API, and begins to delete the outdated ones. */
export async function openFreezeDesk(
  parts: OpenParts,
  { openFreezeDesk: open }: Pick<Foundation, 'openFreezeDesk'>,
): Promise<FreezeDesk> {
  const desk = await parts.add(open());
  void desk.removeOutdated();
  return desk;
}
