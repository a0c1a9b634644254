import { z } from 'zod';
import { UnexpectedAnswer } from '../../kubernetes/api-failure';
import { invalidFreeze, readFreezeManifest } from '../../resources/freeze-schema';
import { type ListedFreeze } from '../freeze-desk';
import { isMade } from '../made-freeze';

/** An invalid one holds its namespace, and says why as its reason. */
export interface ReadFreeze extends ListedFreeze {
  readonly isInvalid: boolean;
}

/** @param object from an API server @returns undefined for an object without a valid name */
export function readListedFreeze(object: unknown, ownNamespace: string | undefined): ReadFreeze | undefined {
  const { value, faults } = readFreezeManifest(object);
  const [fault] = faults;
  const freeze = value ?? (fault === undefined ? undefined : invalidFreeze(object, fault));
  if (freeze === undefined) return undefined;
  const { allNamespaces, ...limited } = freeze;
  // As the worker reads it: one team must not hold what belongs to others.
  const everywhere = allNamespaces === true && freeze.namespace === ownNamespace;
  return {
    ...limited,
    ...(everywhere ? { allNamespaces } : {}),
    ours: isMade(object),
    isInvalid: value === undefined,
  };
}

const versioned = z.looseObject({ metadata: z.looseObject({ resourceVersion: z.string().min(1) }) });

/** @throws UnexpectedAnswer */
export function storedVersion(object: unknown): string {
  const { success, data } = versioned.safeParse(object);
  if (!success) throw new UnexpectedAnswer('an object without a version');
  return data.metadata.resourceVersion;
}
