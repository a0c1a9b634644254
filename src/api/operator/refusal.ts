import { STATUS_CODES } from 'node:http';
import { type Problem, type ProblemCode, problems } from '../../operator/schemas/problem';

/** Ends a request of the operators' API with a problem. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** @param detail what is wrong and what to do, as a sentence for the caller, without secrets */
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly headers: Readonly<Record<string, string | string[]>> = {},
  ) {
    super(detail);
  }

  get status(): number {
    return problems[this.code].status;
  }

  /** As in RFC 9457, without `type`, which then is `about:blank`. */
  get problem(): Problem {
    const { status, code, message: detail } = this;
    return { title: STATUS_CODES[status] ?? 'Error', status, detail, code };
  }
}
