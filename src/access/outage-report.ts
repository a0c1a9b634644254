import { type Logger } from 'pino';
import { AccessUnavailable } from './access';

export interface OutageReportOptions {
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** A sentence without a full stop, for the log: "Tokens cannot be checked". */
  readonly what: string;
  /** A sentence for callers, who may be anyone. */
  readonly message: string;
  /** Why, in a few words for the log: nothing secret. */
  readonly reason: (error: unknown) => string;
}

/** Turns the failures of a service into `AccessUnavailable`, and logs each reason once until the service answers again. */
export class OutageReport {
  readonly #options: OutageReportOptions;
  #reason: string | undefined;

  constructor(options: OutageReportOptions) {
    this.#options = options;
  }

  /** @throws AccessUnavailable if `ask` fails */
  async during<T>(ask: () => Promise<T>): Promise<T> {
    const { log, what, message, reason } = this.#options;
    try {
      const answer = await ask();
      if (this.#reason !== undefined) log.info(`${what}: this is over`);
      this.#reason = undefined;
      return answer;
    } catch (error) {
      const now = reason(error);
      if (now !== this.#reason) log.warn(`${what}: ${now}`);
      this.#reason = now;
      throw new AccessUnavailable(message);
    }
  }
}
