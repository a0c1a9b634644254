import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type Done } from '../api/answers';
import { ApiProblem } from '../api/problem';
import { Button } from '../components/button';
import { Dialog } from '../components/dialog';
import { type Act, type Input, type Situation } from './act';
import { ActFields } from './act-fields';
import { confirmationOf } from './confirmation-of';
import { readAgain } from './read-again';
import { newKey, sendAct } from './send-act';
import styles from './acts.module.css';

/** An act that a person has asked for, and what they saw. */
export interface Asked {
  readonly act: Act;
  readonly situation: Situation;
}

interface ActDialogProps {
  readonly asked: Asked;
  readonly onClose: () => void;
  readonly onDone: (done: Done) => void;
}

/** Says what will happen, asks for what the API wants to know, and acts once. */
export function ActDialog({ asked: { act, situation }, onClose, onDone }: ActDialogProps) {
  const client = useQueryClient();
  // One for the dialog: after an answer that was lost, the same act is asked for again.
  const [key] = useState(newKey);
  const [input, setInput] = useState(() => firstInput(act, situation));
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => sendAct(act, situation, input, key),
    onSuccess: onDone,
    onSettled: () => readAgain(client, situation.pipeline),
  });
  const { title, consequences, button, tone, reason } = confirmationOf(act, situation, input);
  // It stays refused, whatever is pressed here.
  const isRefused = error instanceof ApiProblem && (error.code === 'conflict' || error.code === 'forbidden');
  const isUncertain = error !== null && !isKnownUndone(error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles['form']} onSubmit={submit}>
        {/* Another reason would be another act. */}
        <fieldset className={styles['inputs']} disabled={isUncertain}>
          <ActFields act={act} situation={situation} input={input} onChange={setInput} />
          <ul className={styles['consequences']}>
            {consequences.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          {reason && (
            <label className={styles['field']}>
              <span>
                {reason.label}
                {!reason.required && <span className={styles['optional']}> (optional)</span>}
              </span>
              <textarea
                value={input.reason}
                onChange={({ target }) => {
                  // The API takes no spaces for a reason.
                  target.setCustomValidity(
                    reason.required && target.value.trim() === '' ? 'Write a reason.' : '',
                  );
                  setInput({ ...input, reason: target.value });
                }}
                required={reason.required}
                maxLength={reason.longest}
                rows={2}
              />
            </label>
          )}
        </fieldset>
        {error && (
          <div className={styles['refusal']} role="alert">
            <p>{error.message}</p>
            <p>{nextStep(error)}</p>
          </div>
        )}
        <div className={styles['answers']}>
          <Button onClick={onClose}>{isRefused ? 'Close' : 'Go back'}</Button>
          {!isRefused && (
            <Button type="submit" tone={tone} disabled={isPending}>
              {isPending ? 'Sending…' : error === null ? button : 'Try again'}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

const undone: readonly ApiProblem['code'][] = ['conflict', 'forbidden', 'bad-request', 'not-found'];

/** Of all other failures, the act may have been done, or may still be. */
function isKnownUndone(error: Error): boolean {
  return error instanceof ApiProblem && undone.includes(error.code);
}

function nextStep(error: Error): string {
  if (!isKnownUndone(error)) return 'It may still happen. Try again: the same act is never done twice.';
  return error instanceof ApiProblem && error.code === 'conflict'
    ? 'Nothing was done. The page behind this shows how things are now.'
    : 'Nothing was done.';
}

function firstInput(act: Act, { environment }: Situation): Input {
  const choices = act.kind === 'promote' || act.kind === 'rollback' ? act.choices : [];
  return {
    version: choices[0]?.version ?? '',
    reason: '',
    gates: act.kind === 'override' && act.gates.length === 1 ? act.gates : [],
    environments: environment === undefined ? [] : [environment.name],
    scope: 'pipeline',
    until: '',
  };
}
