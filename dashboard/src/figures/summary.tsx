import styles from './figures.module.css';
import { type Figures } from './figures-filter';
import { countOf, describeSeconds, describeShare, perWeek } from './figures-text';

/** The figures that a manager asks for first. */
export function Summary({ figures }: { readonly figures: Figures }) {
  const { endToEnd, total, restore, waiting } = figures;
  const entries = [
    {
      name: 'Lead time',
      value: describeSeconds(endToEnd.median),
      says: `median of ${endToEnd.count.toLocaleString()}, 90 % within ${describeSeconds(endToEnd.percentile90)}`,
    },
    {
      name: 'Deployments',
      value: perWeek(total.deployments, figures),
      says: `a week, ${total.deployments.toLocaleString()} in all`,
    },
    {
      name: 'Failed',
      value: describeShare(total.failedShare),
      says: `${total.failed.toLocaleString()} of ${countOf(total.promotions, 'promotion')}`,
    },
    {
      name: 'Rolled back',
      value: describeShare(total.rolledBackShare),
      says: `${total.rolledBack.toLocaleString()} of ${countOf(total.deployments, 'deployment')}`,
    },
    {
      name: 'Time to restore',
      value: describeSeconds(restore.median),
      says: `median of ${restore.count.toLocaleString()}${restore.broken === 0 ? '' : `, ${countOf(restore.broken, 'environment')} broken now`}`,
    },
    {
      name: 'Waiting now',
      value: waiting.count.toLocaleString(),
      says: waiting.count === 0 ? 'no promotions' : `median age ${describeSeconds(waiting.median)}`,
    },
  ];
  return (
    <dl className={styles['summary']}>
      {entries.map(({ name, value, says }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={styles['value']}>{value}</dd>
          <dd className={styles['under']}>{says}</dd>
        </div>
      ))}
    </dl>
  );
}
