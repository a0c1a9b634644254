interface BrokenRequest {
  readonly status: number;
  readonly sentence: string;
}

/** What a sender gets that never made a request: the answers that the listener gives by itself, as one closed set. */
export const brokenRequests = {
  slow: { status: 408, sentence: 'the request took too long to arrive.' },
  largeHeaders: { status: 431, sentence: 'the headers are too large.' },
  malformed: { status: 400, sentence: 'this is not HTTP/1.1 as RFC 9112 has it.' },
} as const satisfies Record<string, BrokenRequest>;

/** @param code of the error that Node's HTTP server gives with `clientError` */
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
