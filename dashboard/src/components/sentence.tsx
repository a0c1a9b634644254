import { Fragment } from 'react';
import { splitAtTimes } from './sentence-times';
import { briefTime, exactTime } from './time-text';

/** A sentence of Windlass, with its times in the reader's zone. */
export function Sentence({ text }: { readonly text: string }) {
  return splitAtTimes(text).map(({ text: part, at }, index) => (
    <Fragment key={index}>
      {at === undefined ? (
        part
      ) : (
        <time dateTime={at} title={exactTime(at)}>
          {briefTime(at)}
        </time>
      )}
    </Fragment>
  ));
}
