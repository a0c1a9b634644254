import { WindlassError } from '../errors';
import { isLoopbackHost } from './loopback';

/** Whether anyone on the way to this URL could read what is sent there: plain http, and to another machine. */
export function isReadableOnTheWay(url: URL): boolean {
  return url.protocol === 'http:' && !isLoopbackHost(url.hostname);
}

/**
 * @param allowPlainHttp the operator lets credentials travel over plain http to other machines; to this one they always may
 * @throws WindlassError plain-http when credentials must not travel to this URL
 */
export function checkCredentialsMayTravel(url: URL, allowPlainHttp: boolean): void {
  if (allowPlainHttp || !isReadableOnTheWay(url)) return;
  throw new WindlassError(
    'plain-http',
    `The credentials for ${url.host} would travel over plain http, for anyone on the way to read.`,
  );
}
