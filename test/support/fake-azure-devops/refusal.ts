import { type ErrorRequestHandler } from 'express';

/** An answer by which Azure DevOps refuses a request, as issue threads quote them. */
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
    ...{ typeName: `Microsoft.TeamFoundation.Git.Server.${exception}, Microsoft.TeamFoundation.Git.Server` },
    typeKey: exception,
  });
};

/** https://github.com/MicrosoftDocs/azure-devops-docs: TF401180, TF401019 and TF200016 in its issues */
export const notFound = {
  repository: (name: string) =>
    new Refusal(
      404,
      'GitRepositoryNotFoundException',
      `TF401019: The Git repository with name or identifier ${name} does not exist or you do not have permissions for the operation you are attempting.`,
    ),
  pullRequest: () =>
    new Refusal(
      404,
      'GitPullRequestNotFoundException',
      'TF401180: The requested pull request was not found.',
    ),
};

export function invalidArgument(words: string): Refusal {
  return new Refusal(
    400,
    'InvalidArgumentValueException',
    `Invalid argument value.\r\nParameter name: ${words}`,
  );
}
