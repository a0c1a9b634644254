/** Each figure as a plot with its table. */
import { type ReactNode, useId, useMemo } from 'react';
import { Link } from 'wouter';
import { Age } from '../components/time';
import * as paths from '../paths';
import { FigureTable } from './figure-table';
import styles from './figures.module.css';
import { type Figures } from './figures-filter';
import { countOf, describeAges, describeSeconds, describeWeek, shortAges } from './figures-text';
import { Plot } from './plot';
import { type PlotContent } from './plot-options';

interface SectionProps {
  readonly title: string;
  /** What is counted or measured. */
  readonly says: ReactNode;
  readonly content: PlotContent;
  readonly table: ReactNode;
}

function Section({ title, says, content, table }: SectionProps) {
  const id = useId();
  return (
    <section className={styles['section']} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className={styles['says']}>{says}</p>
      <div className={styles['pair']}>
        <Plot content={content} describedAs={`Plot: ${title}. The table beside it has the same numbers.`} />
        {table}
      </div>
    </section>
  );
}

const seconds = (value: number): string => describeSeconds(value);
const whole = (value: number): string => value.toLocaleString();

type WeekOf = Figures['weeks'][number];

/** Newest first, as people read them. */
function weekRows(weeks: readonly WeekOf[], cellsOf: (week: WeekOf) => readonly ReactNode[]) {
  return weeks.toReversed().map((week) => ({
    key: week.start,
    cells: [
      <>
        {describeWeek(week.start)}
        {!week.complete && <span className={styles['mark']}> incomplete</span>}
      </>,
      ...cellsOf(week),
    ],
  }));
}

export function LeadTimeSection({ weeks }: Pick<Figures, 'weeks'>) {
  const content = useMemo(
    (): PlotContent => ({
      labels: weeks.map(({ start }) => describeWeek(start)),
      series: [
        {
          name: 'Median',
          values: weeks.map(({ leadTime }) => leadTime.median ?? null),
          color: '--accent',
          shape: 'line',
        },
        {
          name: '90th percentile',
          values: weeks.map(({ leadTime }) => leadTime.percentile90 ?? null),
          color: '--wait',
          shape: 'dashed',
        },
      ],
      unit: 'seconds',
      format: seconds,
    }),
    [weeks],
  );
  return (
    <Section
      title="Lead time"
      says="From the first environment to the last one of a Pipeline, by the week of the deployment."
      content={content}
      table={
        <FigureTable
          caption="Lead time by week"
          head={['Week', 'Deployed', 'Median', '90th pct.']}
          rows={weekRows(weeks, ({ leadTime }) => [
            leadTime.count,
            describeSeconds(leadTime.median),
            describeSeconds(leadTime.percentile90),
          ])}
        />
      }
    />
  );
}

export function HopSection({ hops }: Pick<Figures, 'hops'>) {
  const content = useMemo(
    (): PlotContent => ({
      labels: hops.map(({ environment }) => environment),
      series: [
        { name: 'Median', values: hops.map(({ median }) => median ?? null), color: '--accent', shape: 'bar' },
        {
          name: '90th percentile',
          values: hops.map(({ percentile90 }) => percentile90 ?? null),
          color: '--wait',
          shape: 'bar',
        },
      ],
      unit: 'seconds',
      format: seconds,
    }),
    [hops],
  );
  const unmeasured = hops.reduce((sum, hop) => sum + hop.unmeasured, 0);
  return (
    <Section
      title="Lead time by environment"
      says={`Into each environment, since the one before ran the version.${unmeasured === 0 ? '' : ` The beginning of ${countOf(unmeasured, 'deployment')} is not known.`}`}
      content={content}
      table={
        <FigureTable
          caption="Lead time by environment"
          head={['Into', 'Deployed', 'Median', '90th pct.']}
          rows={hops.map(({ environment, count, median, percentile90 }) => ({
            key: environment,
            cells: [environment, count, describeSeconds(median), describeSeconds(percentile90)],
          }))}
        />
      }
    />
  );
}

type Count = 'promotions' | 'deployments' | 'failed' | 'rolledBack';

interface WeeklyCountsProps extends Pick<Figures, 'weeks'> {
  readonly title: string;
  readonly says: string;
  /** Constant, so that a plot is made again only for other weeks. */
  readonly counts: readonly {
    readonly of: Count;
    readonly name: string;
    readonly color: PlotContent['series'][number]['color'];
  }[];
}

function WeeklyCounts({ weeks, title, says, counts }: WeeklyCountsProps) {
  const content = useMemo(
    (): PlotContent => ({
      labels: weeks.map(({ start }) => describeWeek(start)),
      series: counts.map(({ of, name, color }) => ({
        name,
        values: weeks.map((week) => week[of]),
        color,
        shape: 'bar',
      })),
      unit: 'count',
      format: whole,
    }),
    [weeks, counts],
  );
  return (
    <Section
      title={title}
      says={says}
      content={content}
      table={
        <FigureTable
          caption={`${title} by week`}
          head={['Week', ...counts.map(({ name }) => name)]}
          rows={weekRows(weeks, (week) => counts.map(({ of }) => whole(week[of])))}
        />
      }
    />
  );
}

const volumes: WeeklyCountsProps['counts'] = [
  { of: 'promotions', name: 'Promotions', color: '--busy' },
  { of: 'deployments', name: 'Deployments', color: '--good' },
];

export function VolumeSection({ weeks }: Pick<Figures, 'weeks'>) {
  return (
    <WeeklyCounts
      title="Promotions and deployments"
      says="Versions that were proposed, and versions that reached their environment, by week."
      weeks={weeks}
      counts={volumes}
    />
  );
}

const faults: WeeklyCountsProps['counts'] = [
  { of: 'failed', name: 'Failed', color: '--bad' },
  { of: 'rolledBack', name: 'Rolled back', color: '--wait' },
];

export function FailureSection({ weeks }: Pick<Figures, 'weeks'>) {
  return (
    <WeeklyCounts
      title="Failed and rolled back"
      says="Promotions that gave up at least once, by the week in which they began, and deployments that were rolled back later, by the week of the deployment."
      weeks={weeks}
      counts={faults}
    />
  );
}

export function WaitingSection({ waiting }: Pick<Figures, 'waiting'>) {
  const { ages, oldest } = waiting;
  const names = useMemo(() => describeAges(ages), [ages]);
  const content = useMemo(
    (): PlotContent => ({
      labels: shortAges(ages),
      series: [{ name: 'Promotions', values: ages.map(({ count }) => count), color: '--busy', shape: 'bar' }],
      unit: 'count',
      format: whole,
    }),
    [ages],
  );
  return (
    <Section
      title="What waits now"
      says={
        <>
          Promotions that are neither merged nor ended, by age.
          {oldest && (
            <>
              {' '}
              The oldest is{' '}
              <Link href={paths.pipeline({ namespace: oldest.namespace, name: oldest.pipeline })}>
                {oldest.namespace}/{oldest.pipeline}
              </Link>{' '}
              {oldest.version} into {oldest.environment}, <Age at={oldest.since} prefix="reported " />.
            </>
          )}
        </>
      }
      content={content}
      table={
        <FigureTable
          caption="What waits now by age"
          head={['Age', 'Promotions']}
          rows={ages.map(({ count }, index) => ({
            key: names[index] ?? '',
            cells: [names[index], whole(count)],
          }))}
        />
      }
    />
  );
}
