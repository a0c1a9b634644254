import { type ErrorRequestHandler } from 'express';

/** An answer by which Bitbucket refuses a request: https://developer.atlassian.com/server/bitbucket/rest/v906/intro/#errors-and-validation */
export class Refusal extends Error {
  readonly body: object;

  /** @param exception below `com.atlassian.bitbucket`; undefined for none, as where no route matches */
  constructor(
    readonly status: number,
    message: string,
    exception?: string,
    more: object = {},
  ) {
    super(message);
    const exceptionName = exception === undefined ? null : `com.atlassian.bitbucket.${exception}`;
    this.body = { errors: [{ context: null, message, exceptionName, ...more }] };
  }
}

export const answerRefusals: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof Refusal) response.status(error.status).json(error.body);
  else next(error);
};
