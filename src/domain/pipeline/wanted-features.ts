/** What a Pipeline asks of its Git hosting service that not every one has. */
import { type PullRequestStyle } from './pipeline';

/** The names are those of `ProviderFeatures` in `src/providers/port.ts`. */
export type WantedFeature =
  'draft' | 'labels' | 'reviewers' | 'teamReviewers' | 'assignees' | 'squash' | 'deleteBranch';

/** Its field in `strategy.pull-request`. */
export const fieldOf: Readonly<Record<WantedFeature, string>> = {
  draft: 'draft',
  labels: 'labels',
  reviewers: 'reviewers.users',
  teamReviewers: 'reviewers.teams',
  assignees: 'assignees',
  squash: 'squash',
  deleteBranch: 'deleteBranch',
};

export function wantedFeatures(style: PullRequestStyle): WantedFeature[] {
  const { labels = [], reviewers, assignees = [] } = style;
  const asked: Readonly<Record<WantedFeature, boolean>> = {
    draft: style.draft === true,
    labels: labels.length > 0,
    reviewers: (reviewers?.users.length ?? 0) > 0,
    teamReviewers: (reviewers?.teams.length ?? 0) > 0,
    assignees: assignees.length > 0,
    squash: style.squash === true,
    deleteBranch: style.deleteBranch === true,
  };
  return (Object.keys(asked) as WantedFeature[]).filter((feature) => asked[feature]);
}
