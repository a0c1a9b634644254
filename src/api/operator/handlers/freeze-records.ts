import { type PlacedRecord } from '../../../read-model/audit-entries';
import { type Sight } from '../rights';
import { type HandlerParts } from './handler-parts';

/**
 * What the Freezes that the API made say of themselves, as long as they are kept. Those that suspend a Pipeline are in the
 * records of its lanes.
 */
export async function freezeRecords(
  { freezes }: Pick<HandlerParts, 'freezes'>,
  sight: Sight,
): Promise<readonly PlacedRecord[]> {
  const listed = await freezes.list();
  return listed
    .filter(({ ours, suspends, namespace }) => ours && suspends !== true && sight.sees({ namespace }))
    .flatMap(({ namespace, name, reason, author, from, until, endedBy }): PlacedRecord[] => {
      const place = { namespace };
      const by = author === undefined ? {} : { by: author };
      return [
        ...(from === undefined
          ? []
          : [{ place, record: { kind: 'frozen', at: from, ...by, detail: `${name}: ${reason}` } } as const]),
        ...(until === undefined || endedBy === undefined
          ? []
          : [{ place, record: { kind: 'unfrozen', at: until, by: endedBy, detail: name } } as const]),
      ];
    });
}
