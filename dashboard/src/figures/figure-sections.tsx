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

export function VolumeSection({ weeks }: Pick<Figures, 'weeks'>) {
  const content = useMemo(
    (): PlotContent => ({
      labels: weeks.map(({ start }) => describeWeek(start)),
      series: [
        {
          name: 'Promotions',
          values: weeks.map(({ promotions }) => promotions),
          color: '--busy',
          shape: 'bar',
        },
        {
          name: 'Deployments',
          values: weeks.map(({ deployments }) => deployments),
          color: '--good',
          shape: 'bar',
        },
      ],
      unit: 'count',
      format: whole,
    }),
    [weeks],
  );
  return (
    <Section
      title="Promotions and deployments"
      says="Versions that were proposed, and versions that reached their environment, by week."
      content={content}
      table={
        <FigureTable
          caption="Promotions and deployments by week"
          head={['Week', 'Promotions', 'Deployments']}
          rows={weekRows(weeks, ({ promotions, deployments }) => [whole(promotions), whole(deployments)])}
        />
      }
    />
  );
}

export function FailureSection({ weeks }: Pick<Figures, 'weeks'>) {
  const content = useMemo(
    (): PlotContent => ({
      labels: weeks.map(({ start }) => describeWeek(start)),
      series: [
        { name: 'Failed', values: weeks.map(({ failed }) => failed), color: '--bad', shape: 'bar' },
        {
          name: 'Rolled back',
          values: weeks.map(({ rolledBack }) => rolledBack),
          color: '--wait',
          shape: 'bar',
        },
      ],
      unit: 'count',
      format: whole,
    }),
    [weeks],
  );
  return (
    <Section
      title="Failed and rolled back"
      says="Promotions that gave up at least once, by the week in which they began, and deployments that were rolled back later, by the week of the deployment."
      content={content}
      table={
        <FigureTable
          caption="Failed and rolled back by week"
          head={['Week', 'Failed', 'Rolled back']}
          rows={weekRows(weeks, ({ failed, rolledBack }) => [whole(failed), whole(rolledBack)])}
        />
      }
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
