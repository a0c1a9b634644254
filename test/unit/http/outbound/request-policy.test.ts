import { checkRequest } from '../../../../src/http/outbound/request-policy';
import { failureThrownBy } from '../../../support/classified-failure';

const withToken = new Headers({ authorization: 'Bearer canary' });
const check =
  (url: string, headers = new Headers(), allowPlainHttp = false, allowed = new URL(url).host) =>
  () => {
    checkRequest(new URL(url), headers, { allowedHosts: [allowed], allowPlainHttp });
  };

describe('what may leave', () => {
  it.each([
    ['https://git.example.com/x', 'git.example.com'],
    ['https://git.example.com/x', 'GIT.example.com'],
    ['https://git.example.com:443/x', 'git.example.com'],
    ['https://git.example.com/x', 'git.example.com:443'],
    ['https://git.example.com:8443/x', 'git.example.com:8443'],
    ['https://[fd00::1]:8443/x', '[FD00:0::1]:8443'],
  ])('%s where %s is allowed', (url, allowed) => {
    expect(check(url, withToken, false, allowed)).not.toThrow();
  });

  it.each([
    ['https://evil.example.com/x', 'git.example.com'],
    ['https://git.example.com.evil.org/x', 'git.example.com'],
    ['https://sub.git.example.com/x', 'git.example.com'],
    ['https://git.example.com:8443/x', 'git.example.com'],
    ['https://git.example.com/x', 'git.example.com:8443'],
    ['https://git.example.com/x', '*'],
    ['https://git.example.com/x', ''],
  ])('not %s where %s is allowed', (url, allowed) => {
    expect(failureThrownBy(check(url, withToken, false, allowed)).code).toBe('host-not-allowed');
  });

  it('never a metadata address, not even an allowed one', () => {
    expect(failureThrownBy(check('http://169.254.169.254/latest')).code).toBe('host-not-allowed');
  });

  it('nothing but http and https', () => {
    expect(failureThrownBy(check('ftp://git.example.com/x')).code).toBe('host-not-allowed');
  });
});

describe('credentials over plain http', () => {
  it.each(['authorization', 'private-token', 'job-token', 'cookie'])('do not leave as %s', (header) => {
    expect(failureThrownBy(check('http://git.example.com/x', new Headers({ [header]: 'canary' }))).code).toBe(
      'plain-http',
    );
  });

  it('leave where the operator allows it', () => {
    expect(check('http://git.example.com/x', withToken, true)).not.toThrow();
  });

  it.each(['http://127.0.0.1:3000/x', 'http://localhost:3000/x', 'http://[::1]:3000/x'])(
    'reach this machine at %s',
    (url) => {
      expect(check(url, withToken)).not.toThrow();
    },
  );

  it('do not matter where there are none', () => {
    expect(check('http://notification-controller.flux-system/')).not.toThrow();
  });
});
