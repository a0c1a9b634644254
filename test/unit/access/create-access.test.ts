import { AccessUnavailable, type Authenticator, type Caller } from '../../../src/access/access';
import { allowedNamespaces } from '../../../src/access/allowed-namespaces';
import { createAccess } from '../../../src/access/create-access';
import { type Place } from '../../../src/domain/people/rights';

const caller = (name: string): Caller => ({ name, groups: [], via: 'token' });

/** Knows one token, and keeps what it was asked. */
function knowing(token: string, name: string): Authenticator & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    authenticate: (given) => {
      asked.push(given);
      return Promise.resolve(given === token ? { known: true, caller: caller(name) } : undefined);
    },
  };
}

const no = { allows: () => Promise.resolve(false) };

describe('authentication', () => {
  it('ends with the first authenticator that knows the token, so that no other one sees it', async () => {
    const first = knowing('first-token', 'first');
    const last = knowing('first-token', 'last');
    const access = createAccess({ authenticators: [first, last], authorizer: no });
    expect(await access.authenticate('first-token')).toMatchObject({ caller: { name: 'first' } });
    expect(last.asked).toEqual([]);
  });

  it('ends with a refusal of the one whose token it is', async () => {
    const last = knowing('expired', 'last');
    const refusing: Authenticator = {
      authenticate: () => Promise.resolve({ known: false, fault: 'The token has expired.' }),
    };
    const access = createAccess({ authenticators: [refusing, last], authorizer: no });
    expect(await access.authenticate('expired')).toEqual({ known: false, fault: 'The token has expired.' });
    expect(last.asked).toEqual([]);
  });

  it('says what to do if no one knows the token', async () => {
    const access = createAccess({ authenticators: [knowing('a', 'a'), knowing('b', 'b')], authorizer: no });
    expect(await access.authenticate('unknown-token')).toEqual({
      known: false,
      fault:
        'The token is not known here, or has expired: log in again, or ask your administrator for a token or for the issuer whose tokens are accepted.',
    });
  });

  it.each([
    ['none', undefined, 'The request has no token'],
    ['an empty one', '', 'The request has no token'],
    ['a huge one', 'x'.repeat(16_001), 'longer than 16000 characters'],
    ['one with a space', 'to ken', 'characters that no token has'],
    ['one with a line break', 'token\nX-Remote-User: admin', 'characters that no token has'],
    ['one with other letters', 'tökén', 'characters that no token has'],
  ])('shows no authenticator a token that can be none: %s', async (_what, token, fault) => {
    const only = knowing(token ?? '', 'only');
    const access = createAccess({ authenticators: [only], authorizer: no });
    expect(await access.authenticate(token)).toEqual({
      known: false,
      fault: expect.stringContaining(fault) as string,
    });
    expect(only.asked).toEqual([]);
  });

  it('fails while one that might know the token does not answer', async () => {
    const away: Authenticator = { authenticate: () => Promise.reject(new AccessUnavailable('away')) };
    const access = createAccess({ authenticators: [away, knowing('token', 'last')], authorizer: no });
    await expect(access.authenticate('token')).rejects.toBeInstanceOf(AccessUnavailable);
  });
});

describe('the namespaces in which a caller may do something', () => {
  const namespaces = Array.from({ length: 100 }, (_, index) => `ns-${index}`);
  const asking = (allows: (place: Place) => boolean) => {
    const asked: Place[] = [];
    let running = 0;
    let most = 0;
    return {
      asked,
      most: () => most,
      allows: async (_caller: Caller, _verb: string, place: Place) => {
        asked.push(place);
        most = Math.max(most, (running += 1));
        await Promise.resolve();
        running -= 1;
        return allows(place);
      },
    };
  };

  it('are all, by one question, for one who may everywhere', async () => {
    const authorizer = asking(() => true);
    expect(await allowedNamespaces(authorizer, caller('a'), 'get', namespaces)).toEqual(new Set(namespaces));
    expect(authorizer.asked).toEqual([{}]);
  });

  it('are asked for one by one otherwise, each once and few at a time', async () => {
    const authorizer = asking(({ namespace }) => namespace === 'ns-7' || namespace === 'ns-93');
    const allowed = await allowedNamespaces(authorizer, caller('a'), 'get', [...namespaces, ...namespaces]);
    expect([...allowed].toSorted()).toEqual(['ns-7', 'ns-93']);
    expect(authorizer.asked).toHaveLength(101);
    expect(authorizer.most()).toBeLessThanOrEqual(16);
  });

  it('are unknown if one question is not answered', async () => {
    const authorizer = asking(({ namespace }) => {
      if (namespace === 'ns-50') throw new AccessUnavailable('away');
      return false;
    });
    await expect(allowedNamespaces(authorizer, caller('a'), 'get', namespaces)).rejects.toThrow('away');
  });
});
