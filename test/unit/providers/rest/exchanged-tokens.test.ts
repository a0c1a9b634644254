import { type ExchangedToken, type SecretData } from '../../../../src/domain/credentials';
import { WindlassError } from '../../../../src/domain/errors';
import { type ExpiringToken } from '../../../../src/providers/port';
import { createExchangedTokens } from '../../../../src/providers/rest/exchanged-tokens';
import { failureOf } from '../../../support/classified-failure';

const minuteMs = 60_000;
const reference = {
  namespace: 'team',
  secretName: 'git',
  provider: 'github',
  hosts: ['git.example'],
} as const;
const secret = (key: string): SecretData => ({ key: Buffer.from(key) });

interface Exchange {
  /** Ends the oldest exchange that still runs. */
  readonly settle: (outcome: ExpiringToken | Error) => void;
  readonly asked: () => number;
  readonly hosts: readonly (readonly string[])[];
  readonly given: (data?: SecretData, namespace?: string) => Promise<ExchangedToken | undefined>;
  readonly tokenOf: (data?: SecretData, namespace?: string) => Promise<string | undefined>;
}

function exchanges(): Exchange {
  const running: ((outcome: ExpiringToken | Error) => void)[] = [];
  const hosts: (readonly string[])[] = [];
  let asked = 0;
  const obtain = (): Promise<ExpiringToken> => {
    asked += 1;
    return new Promise((resolve, reject) => {
      running.push((outcome) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
    });
  };
  const tokens = createExchangedTokens(
    () => ({
      tokenExchange: ({ key }) => (key === undefined ? undefined : { hosts: ['login.example'], obtain }),
    }),
    (allowed) => {
      hosts.push(allowed);
      return { fetch: () => Promise.reject(new Error('nothing is fetched')) };
    },
  );
  const given: Exchange['given'] = (data = secret('one'), namespace = 'team') =>
    tokens({ ...reference, namespace }, data);
  return {
    settle: (outcome) => running.shift()!(outcome),
    asked: () => asked,
    hosts,
    given,
    tokenOf: async (...from) => (await given(...from))?.token,
  };
}

const valid = (token: string, lifeMs = 60 * minuteMs): ExpiringToken => ({
  token,
  expiresAt: Date.now() + lifeMs,
});

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-28T08:00:00Z') });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a token that is obtained with a Secret', () => {
  it('is none where the Secret has nothing to obtain one with', async () => {
    const { tokenOf, asked } = exchanges();
    expect(await tokenOf({ token: Buffer.from('t') })).toBeUndefined();
    expect(asked()).toBe(0);
  });

  it('is obtained from the hosts of the repository and of the service, and of no others', async () => {
    const { tokenOf, settle, hosts } = exchanges();
    const token = tokenOf();
    settle(valid('first'));
    expect(await token).toBe('first');
    expect(hosts).toEqual([['git.example', 'login.example']]);
  });

  it('serves until five minutes before its end, and is then another one', async () => {
    const { tokenOf, settle, asked } = exchanges();
    const first = tokenOf();
    settle(valid('first'));
    await first;
    jest.advanceTimersByTime(55 * minuteMs - 1);
    expect(await tokenOf()).toBe('first');
    jest.advanceTimersByTime(1);
    const second = tokenOf();
    settle(valid('second'));
    expect(await second).toBe('second');
    expect(asked()).toBe(2);
  });

  it('serves for half of its life where that is short', async () => {
    const { tokenOf, settle, asked } = exchanges();
    const first = tokenOf();
    settle(valid('first', 4 * minuteMs));
    await first;
    jest.advanceTimersByTime(2 * minuteMs - 1);
    expect(await tokenOf()).toBe('first');
    jest.advanceTimersByTime(1);
    const second = tokenOf();
    settle(valid('second'));
    await second;
    expect(asked()).toBe(2);
  });

  it('is obtained once for all who ask at the same time, at first and when it is renewed', async () => {
    const { tokenOf, settle, asked } = exchanges();
    const first = [tokenOf(), tokenOf(), tokenOf()];
    settle(valid('first'));
    expect(await Promise.all(first)).toEqual(['first', 'first', 'first']);
    jest.advanceTimersByTime(56 * minuteMs);
    const second = [tokenOf(), tokenOf(), tokenOf()];
    settle(valid('second'));
    expect(await Promise.all(second)).toEqual(['second', 'second', 'second']);
    expect(asked()).toBe(2);
  });

  it('fails once for all who asked, and is asked for again by the next', async () => {
    const { tokenOf, settle, asked } = exchanges();
    const failed = [failureOf(tokenOf()), failureOf(tokenOf())];
    settle(new WindlassError('provider-unavailable', 'The service is away.'));
    expect((await Promise.all(failed)).map(({ code }) => code)).toEqual([
      'provider-unavailable',
      'provider-unavailable',
    ]);
    expect(asked()).toBe(1);
    const next = tokenOf();
    settle(valid('next'));
    expect(await next).toBe('next');
  });

  it('is asked for again after the way to the service could not be opened', async () => {
    let broken = true;
    const tokens = createExchangedTokens(
      () => ({ tokenExchange: () => ({ hosts: [], obtain: () => Promise.resolve(valid('good')) }) }),
      () => {
        if (broken) throw new WindlassError('bad-credentials', 'The ca.crt cannot be read.');
        return { fetch };
      },
    );
    expect((await failureOf(tokens(reference, {}))).code).toBe('bad-credentials');
    broken = false;
    expect(await tokens(reference, {})).toMatchObject({ token: 'good' });
  });

  it('is another one after the service refused it', async () => {
    const { given, tokenOf, settle, asked } = exchanges();
    const asking = given();
    settle(valid('revoked'));
    const revoked = await asking;
    revoked!.forget();
    const second = tokenOf();
    settle(valid('second'));
    expect(await second).toBe('second');
    // A request that began with the old one.
    revoked!.forget();
    expect(await tokenOf()).toBe('second');
    expect(asked()).toBe(2);
  });

  it('belongs to every byte of the Secret, and to its namespace', async () => {
    const { tokenOf, settle, asked } = exchanges();
    const one = tokenOf(secret('one'));
    const other = tokenOf(secret('other'));
    const elsewhere = tokenOf(secret('one'), 'another-team');
    for (const token of ['one', 'other', 'elsewhere']) settle(valid(token));
    expect(await Promise.all([one, other, elsewhere])).toEqual(['one', 'other', 'elsewhere']);
    expect(asked()).toBe(3);
  });
});
