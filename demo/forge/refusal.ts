/**
 * One entry of GitHub's `errors`:
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed
 */
export interface FieldError {
  readonly resource: 'PullRequest' | 'IssueComment' | 'Status' | 'Label';
  readonly field?: string;
  readonly code: 'invalid' | 'missing_field' | 'custom';
  readonly message?: string;
}

/** An error answer of GitHub. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    message: string,
    readonly errors?: readonly FieldError[],
  ) {
    super(message);
  }

  /** The JSON of GitHub's error answers. */
  body(): Readonly<Record<string, unknown>> {
    return {
      message: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
    };
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

export function validationFailed(...errors: readonly FieldError[]): Refusal {
  return new Refusal(422, 'Validation Failed', errors);
}
