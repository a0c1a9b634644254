import { type LookupAddress } from 'node:dns';
import { createOutbound } from '../../../../src/http/outbound/create-outbound';
import { guardedLookup } from '../../../../src/http/outbound/guarded-lookup';
import { failureOf } from '../../../support/classified-failure';

interface Found {
  readonly error: Error | null;
  readonly addresses: string | LookupAddress[];
}

/** Looks a name up where DNS has these addresses. */
function lookUp(hostname: string, addresses: readonly string[], all = true): Promise<Found> {
  const records = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup = guardedLookup((_hostname, _options, callback) => {
    callback(null, records);
  });
  return new Promise((resolve) => {
    lookup(hostname, { all }, (error, found) => {
      resolve({ error, addresses: found });
    });
  });
}

describe('the lookup of a connection', () => {
  it('hands on what DNS says', async () => {
    const { error, addresses } = await lookUp('git.example.com', ['10.1.2.3', 'fd00::1']);
    expect(error).toBeNull();
    expect(addresses).toEqual([
      { address: '10.1.2.3', family: 4 },
      { address: 'fd00::1', family: 6 },
    ]);
  });

  it('hands on the first address to those who want one', async () => {
    expect((await lookUp('git.example.com', ['10.1.2.3', 'fd00::1'], false)).addresses).toBe('10.1.2.3');
  });

  it.each([
    [['169.254.169.254']],
    [['10.1.2.3', '169.254.169.254']],
    [['fe80::1']],
    [['::ffff:169.254.169.254']],
    [['100.100.100.200']],
  ])('refuses a name that resolves to %j', async (addresses) => {
    const found = await lookUp('git.example.com', addresses);
    expect(found.error).toMatchObject({ code: 'host-not-allowed' });
    expect(found.error?.message).toContain('git.example.com');
    expect(found.addresses).toEqual([]);
  });

  it('refuses a localhost that is another machine', async () => {
    expect((await lookUp('localhost', ['10.1.2.3'])).error).toMatchObject({ code: 'host-not-allowed' });
    expect((await lookUp('localhost', ['127.0.0.1', '::1'])).error).toBeNull();
  });

  it('says that a name has no address', async () => {
    expect((await lookUp('git.example.com', [])).error).toMatchObject({ code: 'ENOTFOUND' });
  });

  it('hands on a failure of DNS, which comes without addresses', async () => {
    const outbound = createOutbound({ allowedHosts: ['no-such-host.invalid'], allowPlainHttp: false });
    const failure = await failureOf(outbound.fetch('https://no-such-host.invalid/'));
    // Which of the two DNS says depends on whether this machine has any.
    expect(failure.message).toMatch(/(does not exist in DNS|DNS does not answer)/);
  });
});
