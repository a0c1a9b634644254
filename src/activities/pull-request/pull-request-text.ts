/** Title and body of a promotion's pull request, in Markdown, for the reviewer. */
import { isUnreported } from '../../domain/lane/acts';
import { formatPipelineRef, type PullRequestStyle } from '../../domain/pipeline/pipeline';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { promotionTitle } from '../../domain/promotion/promotion-commit';
import {
  fillBody,
  fillTitle,
  showsWarnings,
  type TitleFacts,
} from '../../domain/promotion/pull-request-template';
import { mergeOrClose } from '../../domain/promotion/sentences';
import { markdown } from '../../domain/rich-text';
import { readableTime } from '../../domain/readable-time';
import { jumpBetween } from '../../domain/version/compare-versions';
import { type MarkedVersions, type VersionChange } from './marked-files';
import { type PromotionPage } from './pull-request-context';

/** The maximum number of listed lines; a repository may mark hundreds. */
const listedChanges = 50;

export interface PullRequestText {
  readonly title: string;
  readonly body: string;
}

/** What it takes besides the manifests. */
export interface TextOptions {
  readonly application: string;
  /** Its templates. */
  readonly style?: Pick<PullRequestStyle, 'title' | 'body'>;
  /** Where an address is configured. */
  readonly promotionPage?: PromotionPage | undefined;
}

export function pullRequestText(
  task: PromotionTask,
  { marked: changes, warnings }: Pick<MarkedVersions, 'marked' | 'warnings'>,
  { application, style = {}, promotionPage }: TextOptions,
): PullRequestText {
  const { namespace, name } = task.pipeline;
  const { previous } = changedVersion(changes);
  const forReviewer = warningLines([...changes.flatMap((change) => change.warnings), ...warnings]);
  const changed = changeLines(changes);
  const body = [
    ...summaryLines(task, application, changes),
    '',
    'Changed lines:',
    '',
    ...changed,
    '',
    ...forReviewer,
    ...(promotionPage === undefined ? [] : [pageLink(promotionPage), '']),
    markdown(mergeOrClose(task.to)),
  ];
  const facts = templateFacts(task, application);
  const words =
    style.body === undefined
      ? body
      : [
          fillBody(style.body, { ...facts, previous, changes: changed.join('\n'), body: body.join('\n') }),
          // A template must not hide them.
          ...(showsWarnings(style.body) ? [] : ['', ...forReviewer].slice(0, -1)),
        ];
  return {
    title: pullRequestTitle(task, application, style.title),
    body: [
      ...words,
      '',
      // The user interface of Weave GitOps finds the pull request by this line.
      `${namespace}/${name}/${task.to}`,
      '',
    ].join('\n'),
  };
}

/** The same in every attempt: a closed pull request for a version is known by it. @param template of the Pipeline */
export function pullRequestTitle(
  task: PromotionTask,
  application: string,
  template: string | undefined,
): string {
  const facts = templateFacts(task, application);
  return template === undefined ? facts.title : fillTitle(template, facts);
}

export function templateFacts(task: PromotionTask, application: string): TitleFacts {
  const { pipeline, from, to: environment, version } = task;
  const title = promotionTitle(pipeline, environment, version);
  return { title, application, pipeline: formatPipelineRef(pipeline), from, environment, version };
}

function summaryLines(task: PromotionTask, application: string, changes: readonly VersionChange[]): string[] {
  const { previous, next } = changedVersion(changes);
  return [
    `Brings ${code(application)} from ${code(previous)} to ${code(next)} in ${code(task.to)}: ${jumpText(previous, next)}.`,
    '',
    '| | |',
    '|---|---|',
    `| Application | ${code(application)} |`,
    ...sourceRows(task),
    `| Into | ${code(task.to)} |`,
    `| Version | ${code(previous)} → ${code(next)} |`,
    ...reportedRow(task, next),
  ];
}

function pageLink({ site, url }: PromotionPage): string {
  return `[The promotion in the ${site}](${url})`;
}

function changeLines(changes: readonly VersionChange[]): string[] {
  const listed = changes.slice(0, listedChanges).map(({ path, line, previous, next }) => {
    return `- ${code(path)} line ${line}: ${code(previous)} → ${code(next)}`;
  });
  const others = changes.length - listedChanges;
  return others > 0 ? [...listed, `- and ${others} more`] : listed;
}

/** Who reported the version, or asked for it. */
function sourceRows(task: PromotionTask): string[] {
  const { from, version, event, request } = task;
  const reported = `| From | ${code(from)}, which runs ${code(version)} since ${readableTime(event.at)} |`;
  if (request === undefined) return [reported];
  const what = request.kind === 'rollback' ? 'Rollback' : 'Promotion';
  const reason = request.reason === undefined ? '' : `: ${code(request.reason)}`;
  return [
    ...(isUnreported(task) ? [] : [reported]),
    `| ${what} asked for by | ${code(request.actor.name)}${reason} |`,
  ];
}

/** What the environment has today, and what it gets: the first marked value that changes. */
export function changedVersion(changes: readonly VersionChange[]): { previous: string; next: string } {
  const change = changes.find(({ previous, next }) => previous !== next) ?? changes[0];
  return { previous: change?.previous ?? '', next: change?.next ?? '' };
}

/** Where it is not what Flux reported: the reviewer sees both. */
function reportedRow({ event, version }: PromotionTask, next: string): string[] {
  const reported = event.revision ?? version;
  return reported === next ? [] : [`| Reported as | ${code(reported)}, written as ${code(next)} |`];
}

function warningLines(warnings: readonly string[]): string[] {
  if (warnings.length === 0) return [];
  const once = [...new Set(warnings)].slice(0, listedChanges);
  return ['Before you merge:', '', ...once.map((text) => `- ${code(text)}`), ''];
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
