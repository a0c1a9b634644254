import { type Response } from 'express';
import { type z } from 'zod';
import { type Caller } from '../../access/access';
import { type Answer, type Parameters, type RouteName, type routes } from '../../operator/routes';

/** Who asks, from where, and under which key. */
export interface Asking {
  readonly caller: Caller;
  /** The address of the client. */
  readonly from: string;
  /** Of the header `Idempotency-Key`. */
  readonly idempotencyKey?: string;
  /** When the session of the dashboard ends, milliseconds since the epoch; absent: the request has a token of its own. */
  readonly until?: number;
}

/** A request that is authenticated, valid and allowed. */
export type OperatorRequest<Name extends RouteName> = Parameters<Name> & Asking & { readonly route: Name };

/** Answers what the route's schema says. @throws Refusal, or what `refusalFor` knows */
type JsonHandler<Name extends RouteName> = (request: OperatorRequest<Name>) => Promise<Answer<Name>>;
/** Writes the answer itself. @returns when it has ended */
type StreamHandler<Name extends RouteName> = (
  request: OperatorRequest<Name> & { readonly lastEventId?: string },
  response: Response,
) => Promise<void>;

/** One for each route: a route without a handler does not compile. */
export type Handlers = {
  readonly [Name in RouteName]: (typeof routes)[Name] extends { readonly answer: z.ZodType }
    ? JsonHandler<Name>
    : StreamHandler<Name>;
};
