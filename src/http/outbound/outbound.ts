/**
 * The one way out over HTTP: time-outs, proxy, own authorities, size limits and the list of hosts that this call may
 * reach. `fetch` behaves as the standard one, and throws WindlassError (network, timed-out, host-not-allowed).
 */
export interface Outbound {
  readonly fetch: typeof fetch;
}
