/** Acts of people by the API, as updates: with what the API vouches for none needs an activity, so that many at once are as quick as one. */
import { setHandler } from '@temporalio/workflow';
import { actFault } from '../domain/lane/acts';
import { type ActAnswer, type LaneAct } from '../domain/lane/lane-act';
import { type LaneInput } from '../domain/lane/lane-input';
import { type LaneState } from '../domain/lane/lane-state';
import { type LaneStep } from '../domain/lane/lane-step';
import { readAct } from '../domain/lane/read-act';
import { refusal } from './approval';
import { actUpdate } from './contract/messages';
import { takeVouched } from './lane-requests';
import { traceOf } from './tracing';

export interface LaneActs {
  /** The lane has done what an input asks for, or not. */
  answer(input: LaneInput, step: LaneStep): void;
}

/**
 * Takes acts from now on.
 * @param state as it is when an act comes in
 * @param inputs where the lane finds them
 */
export function openLaneActs(state: () => LaneState, inputs: LaneInput[]): LaneActs {
  const asked = new Map<LaneInput, (answer: NonNullable<LaneStep['answer']>) => void>();
  const take = (act: LaneAct, trace: unknown): Promise<ActAnswer> =>
    new Promise((resolve, reject) => {
      const input: LaneInput = { type: 'act', act, ...traceOf(trace) };
      asked.set(input, (answer) => {
        // What was asked for in the same moment came before.
        if ('refused' in answer) reject(refusal(answer.refused));
        else resolve(answer);
      });
      inputs.push(input);
    });
  setHandler(
    actUpdate,
    (sent, trace?: unknown) => {
      const act = read(sent);
      const { kind, capability } = act;
      return kind === 'promote' || kind === 'rollback'
        ? takeVouched(state(), kind, capability, () => take(act, trace))
        : take(act, trace);
    },
    {
      validator: (sent) => {
        const fault = actFault(state(), read(sent));
        if (fault !== undefined) throw refusal(fault);
      },
    },
  );
  return {
    answer(input, step) {
      if (step.answer !== undefined) asked.get(input)?.(step.answer);
      asked.delete(input);
    },
  };
}

/** @throws ApplicationFailure that says what is wrong with the input */
function read(sent: unknown): LaneAct {
  const reading = readAct(sent, Date.now());
  if (!reading.ok) throw refusal(reading.fault);
  return reading.act;
}
