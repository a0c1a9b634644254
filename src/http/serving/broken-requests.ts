interface BrokenRequest {
  readonly status: number;
  readonly sentence: string;
}

/** The closed set of the listener's own answers to incomplete requests. */
export const brokenRequests = {
  slow: { status: 408, sentence: 'the request took too long to arrive.' },
  largeHeaders: { status: 431, sentence: 'the headers are too large.' },
  malformed: { status: 400, sentence: 'this is not HTTP/1.1 as defined in RFC 9112.' },
} as const satisfies Record<string, BrokenRequest>;

/** @param code of the error that Node's HTTP server passes with `clientError` */
export function brokenRequest(code: string | undefined): BrokenRequest {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return brokenRequests.slow;
    case 'HPE_HEADER_OVERFLOW':
      return brokenRequests.largeHeaders;
    default:
      return brokenRequests.malformed;
  }
}
