import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../components/button';
import { ActDialog, type Asked } from './act-dialog';
import { AskContext } from './ask';
import styles from './acts.module.css';

/** A page on which people act: their dialog, and what the server said to the last act. */
export function Acts({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>();
  const [said, setSaid] = useState('');
  return (
    <AskContext value={setAsked}>
      {children}
      {asked && (
        <ActDialog
          asked={asked}
          onClose={() => setAsked(undefined)}
          onDone={(done) => {
            setAsked(undefined);
            setSaid(done.repeated ? `${done.said} (This was done before.)` : done.said);
          }}
        />
      )}
      <Said said={said} onDismiss={() => setSaid('')} />
    </AskContext>
  );
}

/** A live region is there before it speaks. */
function Said({ said, onDismiss }: { readonly said: string; readonly onDismiss: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that opened the dialog may be gone with what it was for.
    if (said !== '' && document.activeElement === document.body) ref.current?.focus();
  }, [said]);
  return (
    <div className={styles['said']} ref={ref} tabIndex={-1}>
      <p role="status">{said}</p>
      {said !== '' && <Button onClick={onDismiss}>Dismiss</Button>}
    </div>
  );
}
