import { proxyFromEnvironment } from '../../../../src/http/outbound/proxy-settings';

describe('the proxy of the environment', () => {
  it('is read from the usual variables', () => {
    const env = { HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'http://b:2', NO_PROXY: 'c' };
    expect(proxyFromEnvironment(env)).toEqual({
      httpProxy: 'http://a:1',
      httpsProxy: 'http://b:2',
      noProxy: 'c',
    });
  });

  it('prefers the lower-case spelling', () => {
    expect(proxyFromEnvironment({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' })).toEqual({
      httpsProxy: 'http://b:2',
    });
  });

  it('is none where nothing is set', () => {
    expect(proxyFromEnvironment({ PATH: '/bin' })).toEqual({});
  });
});
