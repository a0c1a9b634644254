import { type PipelineDetails } from '../../operator/schemas/pipelines';
import { type Style } from '../access/open-session';
import { ageOf } from '../text/age';
import { fieldLines, section } from '../text/sections';
import { nextVersion, runs, stateOf } from './pipelines';
import { paintState } from './states';

type Environment = PipelineDetails['environments'][number];

export function describePipeline(pipeline: PipelineDetails, now: number, style: Style): string[] {
  const labels = Object.entries(pipeline.labels).map(([key, value]) => `${key}=${value}`);
  return [
    ...fieldLines([
      ['Name', pipeline.name],
      ['Namespace', pipeline.namespace],
      ['Application', pipeline.application],
      ['Labels', labels],
      ['Valid', pipeline.valid ? 'yes' : style.red(`no: ${pipeline.fault ?? ''}`)],
      ['Suspended', pipeline.suspended ? style.yellow('yes') : 'no'],
      ['Freezes', pipeline.freezes],
    ]),
    ...pipeline.environments.flatMap((environment) => [
      '',
      style.bold(environment.name),
      ...environmentLines(environment, now, style),
    ]),
  ];
}

function environmentLines(environment: Environment, now: number, style: Style): string[] {
  const { targets, acting, settling, failed, last, ran, queued, held, gates, freezes, suspended } =
    environment;
  const state = stateOf(environment);
  const ago = (time: string): string => `${ageOf(time, now)} ago`;
  const onTargets = environment.running.map(
    ({ version, object, since }) => `${version} on ${object}, reported ${ago(since)}`,
  );
  return [
    ...fieldLines(
      [
        ['Message', environment.sentence],
        ['State', state === '' ? undefined : paintState(state, style)(state)],
        ['Runs', onTargets.length === 0 ? runs(environment) || 'unknown: nothing was reported' : onTargets],
        ['Next', nextLine(nextVersion(environment), acting?.from, acting?.since ?? settling?.since, ago)],
        ['Promotion', acting?.promotion ?? settling?.promotion],
        ['Pull request', acting?.pullRequest?.url],
        ['Queued', queued.join(', ')],
        ['Held', held.map((one) => heldLine(one, ago))],
        ['Failed', failed === undefined ? undefined : `${failed.version} (${failed.code ?? 'unknown'})`],
        ['Last', last === undefined ? undefined : `${last.version} ${last.state}, ${ago(last.at)}`],
        ['Suspended', suspended ? style.yellow('yes') : undefined],
        ['Freezes', freezes],
        ['Strategy', environment.strategy],
        [
          'Targets',
          targets.map(({ namespace, cluster }) => (cluster ? `${cluster}: ${namespace}` : namespace)),
        ],
      ],
      '  ',
    ),
    ...section('Gates', gates).slice(1).map(indented),
    ...section(
      'Can be rolled back to',
      ran.map(({ version, at }) => `${version}, ${ago(at)}`),
    )
      .slice(1)
      .map(indented),
  ];
}

const indented = (line: string): string => `  ${line}`;

function nextLine(
  version: string,
  from: string | undefined,
  since: string | undefined,
  ago: (time: string) => string,
): string | undefined {
  if (version === '') return undefined;
  return `${version}${from === undefined ? '' : ` from ${from}`}${since === undefined ? '' : `, since ${ago(since)}`}`;
}

function heldLine(
  { version, because, by, url, since }: Environment['held'][number],
  ago: (time: string) => string,
): string {
  const who = by === undefined ? '' : ` by ${by}`;
  return `${version}: ${because}${who} ${ago(since)}${url === undefined ? '' : `, ${url}`}`;
}
