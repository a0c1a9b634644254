/** Title and body of a promotion's pull request, in Markdown, for the reviewer. */
import { type PromotionTask } from '../../domain/promotion/promotion';
import { promotionTitle } from '../../domain/promotion/promotion-commit';
import { mergeOrClose } from '../../domain/promotion/sentences';
import { markdown } from '../../domain/rich-text';
import { readableTime } from '../../domain/readable-time';
import { jumpBetween } from '../../domain/version';
import { type VersionChange } from './marked-files';

/** The maximum number of listed lines; a repository may mark hundreds. */
const listedChanges = 50;

export interface PullRequestText {
  readonly title: string;
  readonly body: string;
}

/**
 * @param changes every marked version, at least one
 * @param promotionPage address of the promotion in the Temporal Web UI, if one is configured
 */
export function pullRequestText(
  task: PromotionTask,
  application: string,
  changes: readonly VersionChange[],
  promotionPage: string | undefined,
): PullRequestText {
  const { namespace, name } = task.pipeline;
  const previous = previousVersion(changes, task.version);
  return {
    title: promotionTitle(task.pipeline, task.to, task.version),
    body: [
      `Brings ${code(application)} from ${code(previous)} to ${code(task.version)} in ${code(task.to)}: ${jumpText(previous, task.version)}.`,
      '',
      '| | |',
      '|---|---|',
      `| Application | ${code(application)} |`,
      `| From | ${code(task.from)}, which runs ${code(task.version)} since ${readableTime(task.event.at)} |`,
      `| Into | ${code(task.to)} |`,
      `| Version | ${code(previous)} → ${code(task.version)} |`,
      '',
      'Changed lines:',
      '',
      ...changes
        .slice(0, listedChanges)
        .map(
          ({ path, line, previous: old }) =>
            `- ${code(path)} line ${line}: ${code(old)} → ${code(task.version)}`,
        ),
      ...(changes.length > listedChanges ? [`- and ${changes.length - listedChanges} more`] : []),
      '',
      ...(promotionPage === undefined
        ? []
        : [`[The promotion in the Temporal Web UI](${promotionPage})`, '']),
      markdown(mergeOrClose(task.to)),
      '',
      // The user interface of Weave GitOps finds the pull request by this line.
      `${namespace}/${name}/${task.to}`,
      '',
    ].join('\n'),
  };
}

/** The environment's current version: the first marked one that differs. */
export function previousVersion(changes: readonly VersionChange[], version: string): string {
  return changes.find((change) => change.previous !== version)?.previous ?? version;
}

function jumpText(from: string, to: string): string {
  const jump = jumpBetween(from, to);
  switch (jump) {
    case 'downgrade':
      return '**a downgrade**';
    case 'none':
      return 'no change';
    case 'unknown':
      return 'versions without an order';
    case 'prerelease':
      return 'a pre-release step';
    default:
      return `a ${jump} upgrade`;
  }
}

/** Text from outside, as a code span: no markup, no mention, no broken table. */
function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, "'") || '(empty)'}\``;
}
