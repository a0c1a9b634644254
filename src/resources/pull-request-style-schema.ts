/** How pull requests look, and how they are merged: fields of `strategy.pull-request` that pipeline-controller did not have. */
import { z } from 'zod';
import {
  bodyTemplateFault,
  longestBodyTemplate,
  longestTitleTemplate,
  titleTemplateFault,
} from '../domain/promotion/pull-request-template';
import { type PullRequestStyle } from '../domain/pipeline/pipeline';
import { text } from './text-schema';

/** Of labels, and of people: no service has use for more. */
const longestList = 20;
const longestLabel = 100;
const longestName = 255;

const label = text(longestLabel, plainFault);
const person = text(longestName, (name) =>
  name.startsWith('@') ? 'must be a name without @' : plainFault(name),
);

export const pullRequestStyleFields = {
  title: text(longestTitleTemplate, titleTemplateFault)
    .optional()
    .meta({
      description:
        'The title of the pull request. Must contain {version}. Variables: {title}, {application}, {pipeline}, {from}, {environment}, {version}. The default is {title}.',
      crd: { maxLength: longestTitleTemplate },
    }),
  body: text(longestBodyTemplate, bodyTemplateFault)
    .optional()
    .meta({
      description:
        'The description of the pull request above its last line, in Markdown. Variables: those of title, {previous}, {changes} (the list of changed lines) and {body} (all that Windlass writes by default). Warnings for the reviewer follow if {body} is not in it. The default is {body}.',
      crd: { maxLength: longestBodyTemplate },
    }),
  labels: names(label, longestLabel, 'Name of a label.').describe(
    'Labels that the pull request gets. Windlass adds the missing ones and removes none.',
  ),
  reviewers: z
    .strictObject({
      users: names(person, longestName, 'Name of a user.').describe(
        "Users, by the names that the service's API takes.",
      ),
      teams: names(person, longestName, 'Name of a team.').describe(
        'Teams or groups, where the service has them.',
      ),
    })
    .optional()
    .describe('Who is asked for a review.'),
  assignees: names(person, longestName, 'Name of a user.').describe(
    'Users that the pull request is assigned to.',
  ),
  draft: z.boolean().optional().describe('Opens pull requests as drafts.'),
  squash: z
    .boolean()
    .optional()
    .describe(
      'Merges as one commit: what Windlass merges (gates.autoMerge), and on services that keep it with the pull request, what people merge. The default is what the repository prefers.',
    ),
  deleteBranch: z
    .boolean()
    .optional()
    .describe('Deletes the promotion branch after the merge, in the same cases as squash.'),
};

type StyleFields = z.output<z.ZodObject<typeof pullRequestStyleFields>>;

/** Without the fields that the manifest does not have. */
export function styleSettings({ reviewers, ...style }: StyleFields): PullRequestStyle {
  const { users = [], teams = [] } = reviewers ?? {};
  const given = Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined));
  return {
    ...(given as PullRequestStyle),
    ...(reviewers === undefined ? {} : { reviewers: { users, teams } }),
  };
}

function names(name: z.ZodString, maxLength: number, description: string) {
  return z
    .array(name.meta({ description, crd: { minLength: 1, maxLength } }))
    .max(longestList)
    .optional()
    .meta({ crd: { maxItems: longestList } });
}

function plainFault(name: string): string | undefined {
  if (name.trim() !== name || name === '') return 'must not be blank, or begin or end with a space';
  return /\p{Cc}/u.test(name) ? 'has a control character in it' : undefined;
}
