import { FairShare } from '../../domain/fair-share';

/** Where bodies may have 256 KiB, some thirty of the largest at once. */
const leastBytes = 8 * 1024 * 1024;
/** Where the operator lets bodies be large. */
const leastBodies = 4;

/** The memory that large bodies of all requests together may take, shared fairly among the clients' addresses. */
export function bodyBudget(maxBodyBytes: number): FairShare {
  return new FairShare(Math.max(leastBytes, leastBodies * maxBodyBytes));
}
