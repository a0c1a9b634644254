import { type Act, type Input, type Situation } from '../act';

/** What a dialog says before a person acts. */
export interface Confirmation {
  readonly title: string;
  /** What will happen, and what it waits for afterwards: a sentence each. */
  readonly consequences: readonly string[];
  /** Of the button that does it. */
  readonly button: string;
  readonly tone: 'primary' | 'danger';
  /** Absent: the API takes none. */
  readonly reason?: {
    readonly label: string;
    readonly required: boolean;
    /** In characters. */
    readonly longest: number;
  };
}

export type Chosen = Pick<Input, 'version' | 'gates' | 'scope' | 'environments' | 'until'>;

export type Sayer<Kind extends Act['kind']> = (
  act: Extract<Act, { kind: Kind }>,
  situation: Situation,
  chosen: Chosen,
) => Confirmation;

/** As the API takes it. */
export const longestReason = 1_000;
/** Of what holds others: it is shown on every page. */
export const longestHold = 512;
