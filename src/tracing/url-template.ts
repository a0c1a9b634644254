/** Words that are in the paths of Git services' APIs; everything else in a path may be a name, or worse. */
const words = new Set(
  `_apis access_tokens activities api app apply approvals approve apps assignees branches builds changes check-runs
  comments commits compare conflicts contents core decline diffstat editissues files git graphql groups heads
  installations issues items iterations label labels latest members merge merge-async merge_requests merge_trains
  merged mergerequests notes participants permissions policy configurations evaluations projects protected_branches
  branch_protections pull-requests pullrequests pulls ref refs repos repositories requested_reviewers reviewers
  reviews rest rules search status statuses tags teams tenants token users user v1 v2 v3 v4 vote webhooks
  workspace workspaces 1.0 2.0 oauth2 threads build-status notification`.split(/\s+/),
);
const longestPath = 40;

/**
 * A path for an attribute: `/repos/{}/{}/pulls/{}`.
 * See https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/#url-template
 */
export function urlTemplate({ pathname }: Pick<URL, 'pathname'>): string {
  const parts = pathname.split('/').slice(0, longestPath);
  return parts.map((part) => (part === '' || words.has(part) ? part : '{}')).join('/');
}
