import { type ErrorRequestHandler } from 'express';

/** An answer by which GitLab refuses a request: https://docs.gitlab.com/api/rest/troubleshooting/ */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(`refused with ${status}`);
  }
}

export const answerRefusals: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof Refusal) response.status(error.status).json(error.body);
  else next(error);
};
