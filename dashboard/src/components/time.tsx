import { useNow } from './use-now';
import { describeAge, exactTime } from './time-text';

/** A moment as its age, with the exact one in the reader's zone on hover and for screen readers. */
export function Age({ at, prefix = '' }: { readonly at: string; readonly prefix?: string }) {
  const now = useNow();
  const exact = exactTime(at);
  return (
    <time dateTime={at} title={exact}>
      {prefix}
      {describeAge(at, now)}
    </time>
  );
}

/** A moment in the reader's zone. */
export function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={at}>
      {exactTime(at)}
    </time>
  );
}
