import styles from './board.module.css';

const rows = Array.from({ length: 8 }, (_, index) => index);

/** As high as the table that takes its place. */
export function BoardSkeleton() {
  return (
    <div className={styles['table']} role="status">
      <p className={styles['skeleton']}>
        <span className={styles['hidden']}>Loading the board…</span>
      </p>
      {rows.map((row) => (
        <div key={row} className={styles['skeleton']} aria-hidden />
      ))}
    </div>
  );
}
