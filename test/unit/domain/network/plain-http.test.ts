import { checkCredentialsMayTravel } from '../../../../src/domain/network/plain-http';
import { failureThrownBy } from '../../../support/classified-failure';

const check =
  (url: string, allowPlainHttp = false) =>
  () =>
    checkCredentialsMayTravel(new URL(url), allowPlainHttp);

describe('credentials', () => {
  it.each([
    'https://git.example.com',
    'ssh://git@git.example.com/x',
    'http://localhost:3000',
    'http://127.1.2.3/',
    'http://[::1]:3000/x',
    'http://[::ffff:127.0.0.1]/',
  ])('may travel to %s', (url) => {
    expect(check(url)).not.toThrow();
  });

  it.each(['http://git.example.com:8080/x', 'http://10.0.0.1', 'http://localhost.example.com'])(
    'may travel to %s only where the operator allows it',
    (url) => {
      const failure = failureThrownBy(check(url));
      expect(failure.code).toBe('plain-http');
      expect(failure.message).toContain(new URL(url).host);
      expect(check(url, true)).not.toThrow();
    },
  );
});
