import { type ReactNode } from 'react';
import styles from './status-pill.module.css';

/** What a person should feel about a state: the one meaning of each color. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'idle';

/** One pill for every state. The words carry the meaning; the color only repeats it. */
export function StatusPill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <span className={`${styles['pill'] ?? ''} ${styles[tone] ?? ''}`}>{children}</span>;
}
