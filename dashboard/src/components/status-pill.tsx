import { type ReactNode } from 'react';
import { type Tone } from './tone';
import styles from './status-pill.module.css';

export { type Tone };

/** One pill for every state. The words carry the meaning; the color only repeats it. */
export function StatusPill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <span className={`${styles['pill'] ?? ''} ${styles[tone] ?? ''}`}>{children}</span>;
}
