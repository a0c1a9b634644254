import { WindlassError } from '../../../../src/domain/errors';
import { networkFailure } from '../../../../src/http/outbound/network-failure';

const coded = (code: string, cause?: unknown): Error =>
  Object.assign(new Error('http://user:canary@proxy', { cause }), { code });

describe('a failure of the network, in words', () => {
  it.each([
    ['ECONNREFUSED', 'connection refused'],
    ['ENOTFOUND', 'the host name does not exist in DNS'],
    ['EAI_AGAIN', 'DNS does not answer'],
    ['ECONNRESET', 'was closed'],
    ['EHOSTUNREACH', 'no route'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'ca.crt'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ca.crt'],
    ['CERT_HAS_EXPIRED', 'expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'another host name'],
    ['SOMETHING_NEW', 'SOMETHING_NEW'],
  ])('%s', (code, words) => {
    const failure = networkFailure('git.example.com', coded(code));
    expect(failure).toMatchObject({ code: 'network', retryable: true });
    expect(failure.message).toContain('git.example.com');
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('canary');
  });

  it.each(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])(
    '%s is a time-out',
    (code) => {
      expect(networkFailure('git.example.com', coded(code)).code).toBe('timed-out');
    },
  );

  it('looks into causes and into the attempts at several addresses', () => {
    const wrapped = new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) });
    expect(networkFailure('git.example.com', wrapped).message).toContain('connection refused');
  });

  it('hands on what was classified on the way', () => {
    const refusal = new WindlassError('host-not-allowed', 'no.');
    expect(networkFailure('git.example.com', new Error('x', { cause: refusal }))).toBe(refusal);
  });
});
