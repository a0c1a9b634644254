import { readableTime } from '../readable-time';
import { type RichText } from '../rich-text';
import { commandLine } from '../shell';
import { type FreezeInForce } from './freeze';
import { type Gate } from './gate';

/** By the API: beside `suspend` in the manifest. It is in workflow histories: add fields as optional ones. */
export interface Suspension extends FreezeInForce {
  /** The suspended Pipeline, as `namespace/name`. */
  readonly pipeline: string;
  /** Absent: all of its environments. */
  readonly environment?: string;
}

export interface SuspendPolicy {
  /** `suspend: true` on the Pipeline or on the environment promoted into. */
  readonly suspended?: boolean;
  /** By a person, with the API. */
  readonly suspension?: Suspension;
}

/** Flux's convention: what is suspended is left as it is, so nothing is withdrawn either. */
export const suspend: Gate<SuspendPolicy> = ({ task, now }, { suspended, suspension }) => {
  const inManifest = suspended === true;
  const byPerson = suspension?.until === undefined || now < suspension.until ? suspension : undefined;
  if (!inManifest && byPerson === undefined) return { open: true };
  const end = inManifest ? undefined : byPerson?.until;
  return {
    open: false,
    until: end === undefined ? 'pipeline' : { at: end },
    brief: 'suspended',
    next: [
      ...(inManifest
        ? [
            'It continues when ',
            { code: 'suspend' },
            ` is removed from the Pipeline or its environment ${task.to}.`,
          ]
        : []),
      ...(inManifest && byPerson !== undefined ? [' It is suspended by the API as well: '] : []),
      ...(byPerson === undefined ? [] : saidBy(byPerson)),
    ],
  };
};

function saidBy({ reason, author, until, pipeline, environment }: Suspension): RichText {
  const only = environment === undefined ? [] : ['--environment', environment];
  return [
    // As code: in a comment, what a guest writes must not notify anyone.
    { code: reason.replace(/\.$/, '') },
    ...(author === undefined ? [] : [' (', { code: author }, ')']),
    until === undefined ? '. To continue, run ' : `. It ends ${readableTime(until)}. To continue now, run `,
    { code: commandLine(['windlass', 'resume', pipeline, ...only]) },
    '.',
  ];
}
