import { Age } from '../components/time';
import { describeDuration } from '../components/time-text';
import { useNow } from '../components/use-now';
import { type WayStep } from './way';
import styles from './way-line.module.css';

const standingWords = {
  done: 'done',
  now: 'in progress',
  ahead: 'not reached yet',
  stopped: 'ended here',
  failed: 'ended here',
} as const;

/** The way from the report to the deployment, with the time between the steps. */
export function Way({ steps }: { readonly steps: readonly WayStep[] }) {
  return (
    <section aria-label="The way of this promotion" className={styles['frame']}>
      <ol className={styles['way']}>
        {steps.map((step) => (
          <li key={step.name} className={`${styles['step'] ?? ''} ${styles[step.standing] ?? ''}`}>
            <span className={styles['took']}>
              {step.standing === 'now' && step.at !== undefined ? (
                <Waited since={step.at} />
              ) : (
                step.tookMs !== undefined && step.tookMs >= 1_000 && `after ${describeDuration(step.tookMs)}`
              )}
            </span>
            <span className={styles['mark']} aria-hidden="true" />
            <span className={styles['words']}>{step.words}</span>
            <span className={styles['hidden']}>, {standingWords[step.standing]}</span>
            {step.at !== undefined && step.standing !== 'now' && (
              <span className={styles['at']}>
                <Age at={step.at} />
              </span>
            )}
            {step.by !== undefined && step.by !== '' && <span className={styles['at']}>{step.by}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Waited({ since }: { readonly since: string }) {
  const now = useNow();
  return <>{describeDuration(Math.max(0, now - Date.parse(since)))} so far</>;
}
