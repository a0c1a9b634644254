import { eventually } from '../support/eventually';

/** A step that Flux or Windlass takes, back-offs of the controllers and a busy machine included. */
const stepLimitMs = 90_000;

/** Repeats `attempt` until it neither throws nor answers false, for as long as one step may take. */
export function withinAStep<T>(attempt: () => Promise<T> | T): Promise<T> {
  return eventually(attempt, stepLimitMs);
}
