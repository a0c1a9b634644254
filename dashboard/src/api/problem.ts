import { type components } from './schema';

type Problem = components['schemas']['Problem'];
type ProblemCode = Problem['code'] | 'unreachable' | 'unreadable';

/** Why a request was not answered: the message is a sentence that says what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  private constructor(
    readonly code: ProblemCode,
    message: string,
  ) {
    super(message);
  }

  /** @param response whose status is not 2xx: RFC 9457, or a proxy's page */
  static async of(response: Response): Promise<ApiProblem> {
    const body = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
    if (typeof body?.detail === 'string' && typeof body.code === 'string') {
      return new ApiProblem(body.code, body.detail);
    }
    return new ApiProblem(
      'unreadable',
      `Something between this page and Windlass answered with status ${response.status}. Try again, or ask your administrator.`,
    );
  }

  static unreachable(): ApiProblem {
    return new ApiProblem('unreachable', 'Windlass cannot be reached. Check your network, then try again.');
  }

  static unreadable(): ApiProblem {
    return new ApiProblem('unreadable', 'Windlass sent an answer without content. Try again.');
  }
}
