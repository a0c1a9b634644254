import { type ErrorRequestHandler } from 'express';

type Detail = string | { readonly required: readonly string[]; readonly granted: readonly string[] };

/** An answer by which Bitbucket refuses a request: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly words: string,
    readonly rest: {
      readonly detail?: Detail;
      readonly fields?: Readonly<Record<string, readonly string[]>>;
    } = {},
  ) {
    super(`refused with ${status}`);
  }
}

/** 400, with what is wrong with one field. */
export function badField(field: string, words: string): Refusal {
  return new Refusal(400, `${field}: ${words}`, { fields: { [field]: [words] } });
}

export const answerRefusals: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof Refusal)) {
    next(error);
    return;
  }
  response.status(error.status).json({ type: 'error', error: { message: error.words, ...error.rest } });
};
