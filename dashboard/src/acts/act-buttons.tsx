import { Button } from '../components/button';
import { type Act, type Situation } from './act';
import { useAsk } from './ask';
import { actNames } from './confirmation-of';
import styles from './acts.module.css';

interface ActButtonsProps {
  readonly acts: readonly Act[];
  readonly situation: Situation;
}

/** A button for each act that is offered; each opens a dialog. */
export function ActButtons({ acts, situation }: ActButtonsProps) {
  const ask = useAsk();
  if (acts.length === 0) return null;
  const where = situation.environment?.name ?? `${situation.pipeline.namespace}/${situation.pipeline.name}`;
  return (
    <div className={styles['buttons']}>
      {acts.map((act) => (
        <Button
          key={act.kind}
          tone={act.kind === 'approve' ? 'primary' : 'plain'}
          aria-label={labelOf(act, where)}
          aria-haspopup="dialog"
          onClick={() => ask({ act, situation })}
        >
          {actNames[act.kind]}
        </Button>
      ))}
    </div>
  );
}

/** There are several of each on a page. It begins with what is visible, for those who say it. */
function labelOf(act: Act, where: string): string {
  const name = actNames[act.kind];
  if (act.kind === 'unfreeze') return `${name} ${act.freeze.namespace}/${act.freeze.name}`;
  return 'version' in act ? `${name} ${act.version} in ${where}` : `${name} ${where}`;
}
