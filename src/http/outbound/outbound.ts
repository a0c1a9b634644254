/**
 * The only HTTP client: timeouts, proxy, private CAs, size limits and the list of allowed hosts. `fetch` behaves like
 * the standard one, and throws WindlassError (network, timed-out, host-not-allowed).
 */
export interface Outbound {
  readonly fetch: typeof fetch;
}
