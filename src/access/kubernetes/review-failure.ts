import { ApiRefusal, describeApiFailure } from '../../kubernetes/api-failure';

/** Why a review failed, with the next step. @param resource the plural of the kind of review, with its group */
export function reviewFailure(error: unknown, resource: string): string {
  const isForbidden = error instanceof ApiRefusal && error.status === 403;
  const remedy = isForbidden
    ? ` Grant Windlass's ServiceAccount the permission to create ${resource} (in the Helm chart: rbac.reviews).`
    : '';
  return `${describeApiFailure(error)}.${remedy}`;
}
