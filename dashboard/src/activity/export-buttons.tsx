import { useMutation } from '@tanstack/react-query';
import { Button } from '../components/button';
import { type ActivityFilter, mostEntries } from './activity-filter';
import { type Audit } from './audit';
import { fetchAudit } from './activity-query';
import { download } from './download';
import { csvOf, fileName } from './export-text';
import styles from './activity.module.css';

interface ExportProps {
  readonly filter: ActivityFilter;
  /** What the page shows; it is exported as it is if it has all that is asked for. */
  readonly shown: Audit;
  readonly isAll: boolean;
}

/** Exports what the filters select, also what does not fit on the page. */
export function ExportButtons({ filter, shown, isAll }: ExportProps) {
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: async (extension: 'csv' | 'json') => {
      const audit = isAll ? shown : await fetchAudit(filter, mostEntries);
      const name = fileName(extension, Date.now());
      if (extension === 'csv') download(name, 'text/csv;charset=utf-8', csvOf(audit.records));
      else download(name, 'application/json', `${JSON.stringify(audit, undefined, 2)}\n`);
      return audit;
    },
  });
  return (
    <div className={styles['export']}>
      <Button disabled={isPending} onClick={() => mutate('csv')}>
        Export CSV
      </Button>
      <Button disabled={isPending} onClick={() => mutate('json')}>
        Export JSON
      </Button>
      <span role="status" className={styles['muted']}>
        {isPending && 'Reading the record…'}
        {error?.message}
        {data?.records.length === mostEntries &&
          `The file has the newest ${mostEntries.toLocaleString()} lines. Narrow the filters to export everything.`}
      </span>
    </div>
  );
}
