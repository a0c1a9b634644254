import { type ErrorRequestHandler } from 'express';

/** An answer by which Azure DevOps refuses a request, as issue threads quote them. `assumed` is the fake's own. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly exception: string,
    readonly words: string,
  ) {
    super(words);
  }
}

export const answerRefusals: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  if (!(error instanceof Refusal)) {
    response.status(500).json({ message: `the fake is broken: ${String(error)}` });
    return;
  }
  const { status, exception, words } = error;
  response.status(status).json({
    ...{ $id: '1', innerException: null, message: words, errorCode: 0, eventId: 3000 },
    typeKey: exception,
  });
};

export const notFound = {
  /** https://github.com/shayki5/azure-devops-create-pr-task/issues/193 */
  repository: (name: string) =>
    new Refusal(
      404,
      'GitRepositoryNotFoundException',
      `TF401019: The Git repository with name or identifier ${name} does not exist or you do not have permissions for the operation you are attempting.`,
    ),
  /** https://github.com/demisto/content: Packs/AzureDevOps has recorded it. */
  pullRequest: () =>
    new Refusal(
      404,
      'GitPullRequestNotFoundException',
      'TF401180: The requested pull request was not found.',
    ),
};

/** Where no answer of the service has been published. */
export function assumed(status: 400 | 403 | 404, words: string): Refusal {
  return new Refusal(status, 'Assumed', words);
}
