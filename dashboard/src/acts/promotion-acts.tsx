import { ActButtons } from './act-buttons';
import { type Situation } from './act';
import { actsOnPromotion, isApprovalInVain, type Person } from './offered-acts';
import styles from './acts.module.css';

interface PromotionActsProps {
  readonly shown: Parameters<typeof actsOnPromotion>[0];
  readonly situation: Situation;
  readonly person: Person;
}

/** What a person can decide on a promotion, and why an approval of theirs would add nothing. */
export function PromotionActs({ shown, situation, person }: PromotionActsProps) {
  const { gates } = situation;
  return (
    <>
      {isApprovalInVain(gates, person) && (
        <p className={styles['vain']}>
          Someone else must approve it: you asked for this version, wrote commits of it, or have approved it.
        </p>
      )}
      <ActButtons acts={actsOnPromotion(shown, gates, person)} situation={situation} />
    </>
  );
}
