import { type CST } from 'yaml';

/** A scalar on one or more lines, plain or quoted: neither alias nor block scalar. */
export type ValueScalar = CST.FlowScalar & {
  readonly type: 'scalar' | 'single-quoted-scalar' | 'double-quoted-scalar';
};

export function isValueScalar(token: CST.Token | null | undefined): token is ValueScalar {
  switch (token?.type) {
    case 'scalar':
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
      return true;
    default:
      return false;
  }
}
