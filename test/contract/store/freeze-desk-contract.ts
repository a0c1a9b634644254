/* eslint-disable jest/no-export, jest/valid-title -- this is the suite itself, which the test of each desk runs */
import { createHash } from 'node:crypto';
import { freezePolicy } from '../../../src/domain/freezes/freezes-in-force';
import { type Actor } from '../../../src/domain/people/actor';
import { type PipelineRef } from '../../../src/domain/pipeline/pipeline';
import { type AskedFreeze, FreezeRefused, type KeptFreezeDesk } from '../../../src/store/freeze-desk';
import { type IndexedPipelineStore } from '../../../src/store/pipeline-store';
import { eventually } from '../../support/eventually';

/** Two replicas of `api`, and what a worker reads. The namespaces `apps` and `windlass` exist. */
export interface DeskFixture {
  readonly desk: KeptFreezeDesk;
  readonly other: KeptFreezeDesk;
  readonly store: IndexedPipelineStore;
  /** Creates the one object of this manifest as GitOps does, or puts it in the place of its namesake. */
  put(manifestYaml: string): Promise<void>;
  /** Makes a freeze of the desk invalid, as a person could by hand. */
  spoil(ref: PipelineRef): Promise<void>;
  /** Lets so much time pass for the desks, in milliseconds. */
  pass(ms: number): void;
  /** Takes away whatever the desk writes to. */
  breakDown(): Promise<void>;
  close(): Promise<void>;
}

const day = 24 * 60 * 60 * 1_000;
export const alice: Actor = { name: 'oidc:alice', via: 'oidc', groups: ['release-managers'] };
const bob: Actor = { name: 'token:bob', via: 'token' };
const shop = { namespace: 'apps', name: 'shop' };

export const asked = (fields: Partial<AskedFreeze> & { readonly id?: string } = {}): AskedFreeze => {
  const { id = 'holidays', ...rest } = fields;
  const key = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return { namespace: 'apps', reason: 'Holidays', key, ...rest };
};
const suspend = (fields: Partial<AskedFreeze> & { readonly id?: string } = {}) =>
  asked({ id: 'suspend', reason: 'Database', suspends: true, pipelines: { names: ['shop'] }, ...fields });

const gitFreeze = (name: string) => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Freeze
metadata: { name: ${name}, namespace: apps }
spec: { reason: From Git, until: '2020-01-01T00:00:00Z' }
`;
const pipeline = (name: string) => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata: { name: ${name}, namespace: apps }
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: ${name} }
  environments: [{ name: dev, targets: [{ namespace: dev }] }, { name: prod, targets: [{ namespace: prod }] }]
`;

/** What every FreezeDesk does, wherever it writes. */
export function describeFreezeDesk(name: string, open: () => Promise<DeskFixture>): void {
  describe(name, () => {
    let fixture: DeskFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    const listed = async () =>
      (await fixture.other.list()).map(({ name: each, ours }) => ({ name: each, ours }));
    /** What a promotion of the Pipeline into prod finds now. */
    const holds = async (of = shop) =>
      freezePolicy(await fixture.store.freezes(of.namespace), of, 'prod', Date.now());

    it('makes a freeze that workers read, and that the other replica lists', async () => {
      const until = Date.now() + day;
      const made = await fixture.desk.freeze(asked({ until, environments: ['prod'] }), alice);
      expect(made).toEqual({ name: expect.stringMatching(/^windlass-[0-9a-f]{12}$/), repeated: false });
      await eventually(async () =>
        expect(await holds()).toEqual({
          freezes: [{ name: `apps/${made.name}`, reason: 'Holidays', author: 'oidc:alice', until }],
        }),
      );
      expect(await fixture.other.list()).toMatchObject(
        [{ ...made, repeated: undefined, namespace: 'apps', author: 'oidc:alice', until, ours: true }].map(
          ({ repeated: _, ...one }) => one,
        ),
      );
      expect(await fixture.store.freezes('windlass')).toEqual([]);
    });

    it('makes one freeze of one request, on whichever replica it is repeated', async () => {
      const answers = await Promise.all(
        [fixture.desk, fixture.other, fixture.desk, fixture.other].map((desk) => desk.freeze(asked(), alice)),
      );
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.name)).size).toBe(1);
      expect(await listed()).toEqual([{ name: answers[0]!.name, ours: true }]);
      await fixture.desk.unfreeze({ namespace: 'apps', name: answers[0]!.name }, alice);
      // A request that is repeated late does not freeze again.
      expect(await fixture.other.freeze(asked(), alice)).toMatchObject({ repeated: true });
      await eventually(async () => expect(await holds()).toEqual({}));
    });

    it('refuses another request whose name begins alike', async () => {
      const first = asked();
      await fixture.desk.freeze(first, alice);
      const twin = { ...first, key: `${first.key.slice(0, 12)}${'0'.repeat(20)}` };
      await expect(fixture.other.freeze(twin, alice)).rejects.toThrow(FreezeRefused);
    });

    it('ends a freeze at once, and keeps who ended it', async () => {
      const { name: made } = await fixture.desk.freeze(asked(), alice);
      const ref = { namespace: 'apps', name: made };
      await eventually(async () => expect(await holds()).toHaveProperty('freezes'));
      expect(await fixture.other.unfreeze(ref, bob, 'c'.repeat(32))).toBe('done');
      await eventually(async () => expect(await holds()).toEqual({}));
      expect(await fixture.desk.list()).toMatchObject([
        {
          name: made,
          author: 'oidc:alice',
          endedBy: 'token:bob',
          endedRequest: 'c'.repeat(32),
          until: expect.any(Number),
        },
      ]);
      expect(await fixture.desk.unfreeze(ref, alice)).toBe('ended');
      expect(await fixture.desk.list()).toMatchObject([{ endedBy: 'token:bob' }]);
    });

    it('ends one that has not begun', async () => {
      const from = Date.now() + day;
      const { name: made } = await fixture.desk.freeze(asked({ from, until: from + day }), alice);
      await eventually(async () => expect(await holds()).toEqual({ freezeStartsAt: from }));
      expect(await fixture.desk.unfreeze({ namespace: 'apps', name: made }, alice)).toBe('done');
      await eventually(async () => expect(await holds()).toEqual({}));
    });

    it('never writes to what comes from Git', async () => {
      await fixture.put(gitFreeze('fair').replace(", until: '2020-01-01T00:00:00Z'", ''));
      await eventually(async () => expect(await listed()).toEqual([{ name: 'fair', ours: false }]));
      expect(await fixture.desk.unfreeze({ namespace: 'apps', name: 'fair' }, alice)).toBe('not-ours');
      await eventually(async () =>
        expect(await holds()).toMatchObject({ freezes: [{ name: 'apps/fair', reason: 'From Git' }] }),
      );
    });

    it.each([
      ['apps', 'missing'],
      ['apps', 'windlass-000000000000'],
      ['apps', '../../etc/passwd'],
      ['../..', 'windlass-000000000000'],
      ['__proto__', 'constructor'],
    ])('knows no freeze %s/%s', async (namespace, missing) => {
      expect(await fixture.desk.unfreeze({ namespace, name: missing }, alice)).toBe('unknown');
    });

    it('suspends a Pipeline, and finds it again to resume it', async () => {
      const { name: made } = await fixture.desk.freeze(suspend(), alice);
      await eventually(async () =>
        expect(await holds()).toEqual({
          suspension: {
            name: `apps/${made}`,
            reason: 'Database',
            author: 'oidc:alice',
            pipeline: 'apps/shop',
          },
        }),
      );
      expect(await holds({ namespace: 'apps', name: 'cart' })).toEqual({});
      expect(await fixture.other.suspension(shop)).toMatchObject({ name: made, ours: true, suspends: true });
      expect(await fixture.other.suspension(shop, 'prod')).toBeUndefined();
      expect(await fixture.other.suspension({ namespace: 'apps', name: 'cart' })).toBeUndefined();
      expect(await fixture.other.unfreeze({ namespace: 'apps', name: made }, bob)).toBe('done');
      expect(await fixture.desk.suspension(shop)).toBeUndefined();
      await eventually(async () => expect(await holds()).toEqual({}));
    });

    it('suspends nothing twice, so that who resumes it resumes it', async () => {
      const { name: made } = await fixture.desk.freeze(suspend(), alice);
      expect(await fixture.other.freeze(suspend(), alice)).toEqual({ name: made, repeated: true });
      const again = fixture.other.freeze(suspend({ id: 'again' }), bob);
      await expect(again).rejects.toThrow(FreezeRefused);
      await expect(again).rejects.toThrow(
        'apps/shop is suspended already, by oidc:alice (Database): resume it first.',
      );
      const inProd = await fixture.other.freeze(suspend({ id: 'prod', environments: ['prod'] }), bob);
      await fixture.desk.unfreeze({ namespace: 'apps', name: made }, alice);
      expect(await fixture.desk.suspension(shop)).toBeUndefined();
      expect(await fixture.desk.suspension(shop, 'prod')).toMatchObject({ name: inProd.name });
      expect(await fixture.desk.freeze(suspend({ id: 'again' }), bob)).toMatchObject({ repeated: false });
    });

    it('finds no suspension in one that holds more', async () => {
      await fixture.desk.freeze(suspend({ pipelines: { names: ['shop', 'cart'] } }), alice);
      await fixture.desk.freeze(suspend({ id: 'two', environments: ['staging', 'prod'] }), alice);
      expect(await fixture.desk.suspension(shop)).toBeUndefined();
      expect(await fixture.desk.suspension(shop, 'prod')).toBeUndefined();
    });

    it('suspends one environment', async () => {
      const { name: made } = await fixture.desk.freeze(suspend({ environments: ['prod'] }), alice);
      expect(await fixture.desk.suspension(shop, 'prod')).toMatchObject({ name: made });
      expect(await fixture.desk.suspension(shop, 'staging')).toBeUndefined();
      expect(await fixture.desk.suspension(shop)).toBeUndefined();
    });

    it('has those who wait look again, when a freeze is made and when it ends', async () => {
      const told: string[] = [];
      await fixture.put(pipeline('shop'));
      await fixture.put(pipeline('cart'));
      await eventually(async () =>
        expect(await fixture.store.pipeline({ namespace: 'apps', name: 'cart' })).toBeDefined(),
      );
      await eventually(async () => expect(await fixture.store.freezes('apps')).toEqual([]));
      fixture.store.subscribe((pipelines) => told.push(...pipelines.map((each) => each.name)));
      // The first look of the store is no change.
      await eventually(async () => expect(await fixture.store.freezes('apps')).toEqual([]));
      const { name: made } = await fixture.desk.freeze(asked({ pipelines: { names: ['shop'] } }), alice);
      await eventually(() => expect(told).toEqual(['shop']));
      await fixture.desk.unfreeze({ namespace: 'apps', name: made }, alice);
      await eventually(() => expect(told).toEqual(['shop', 'shop']));
    });

    it.each<readonly [string, Partial<AskedFreeze>, string]>([
      ['that has ended', { until: Date.now() - 1_000 }, 'choose a later end'],
      ['that ends before it begins', { from: Date.now() + 2 * day, until: Date.now() + day }, 'spec.until'],
      ['of no Pipelines', { pipelines: {} }, 'spec.pipelines must have'],
      ['of nothing that has a name', { pipelines: { names: ['Shop!'] } }, 'spec.pipelines.names[0]'],
      ['of no environment', { environments: [] }, 'spec.environments'],
      ['without a reason', { reason: ' \n ' }, 'spec.reason'],
    ])('refuses a freeze %s', async (_, fields, said) => {
      const attempt = fixture.desk.freeze(asked(fields), alice);
      await expect(attempt).rejects.toThrow(FreezeRefused);
      await expect(attempt).rejects.toThrow(said);
      expect(await listed()).toEqual([]);
    });

    it('puts a reason on one line, and cuts a long one', async () => {
      await fixture.desk.freeze(asked({ reason: `The\n\u202edatabase\u0007 ${'x'.repeat(1_000)}` }), alice);
      const [freeze] = await fixture.desk.list();
      expect(freeze?.reason).toMatch(/^The database x+…$/);
      expect(freeze?.reason).toHaveLength(512);
    });

    it('deletes an invalid one to end it', async () => {
      const { name: made } = await fixture.desk.freeze(asked(), alice);
      const ref = { namespace: 'apps', name: made };
      await fixture.spoil(ref);
      await eventually(async () =>
        expect(await holds()).toMatchObject({ freezes: [{ reason: expect.stringContaining('invalid') }] }),
      );
      expect(await fixture.other.unfreeze(ref, alice)).toBe('done');
      await eventually(async () => expect(await holds()).toEqual({}));
      expect(await listed()).toEqual([]);
    });

    it('forgets what ended more than 400 days ago, and nothing else', async () => {
      await fixture.put(gitFreeze('fair'));
      await eventually(async () => expect(await listed()).toHaveLength(1));
      const endless = await fixture.desk.freeze(asked({ id: 'endless' }), alice);
      const ended = await fixture.desk.freeze(asked({ id: 'ended' }), alice);
      const over = await fixture.desk.freeze(asked({ id: 'over', until: Date.now() + day }), alice);
      await fixture.desk.unfreeze({ namespace: 'apps', name: ended.name }, alice);
      const names = async () => (await listed()).map((one) => one.name).sort();
      const all = ['fair', endless.name, ended.name, over.name].sort();
      fixture.pass(399 * day);
      await fixture.desk.removeOutdated();
      expect(await names()).toEqual(all);
      fixture.pass(1.5 * day);
      await Promise.all([fixture.desk.removeOutdated(), fixture.other.removeOutdated()]);
      expect(await names()).toEqual(all.filter((one) => one !== ended.name));
      fixture.pass(2 * day);
      await fixture.desk.removeOutdated();
      expect(await names()).toEqual(['fair', endless.name].sort());
    });

    it('admits that it can do nothing where it can read and write nothing', async () => {
      await fixture.breakDown();
      const unavailable = { code: 'store-unavailable', retryable: true };
      await expect(fixture.desk.list()).rejects.toMatchObject(unavailable);
      await expect(fixture.desk.suspension(shop)).rejects.toMatchObject(unavailable);
      await expect(fixture.desk.freeze(asked(), alice)).rejects.toMatchObject(unavailable);
      await expect(
        fixture.desk.unfreeze({ namespace: 'apps', name: 'windlass-000000000000' }, alice),
      ).rejects.toMatchObject(unavailable);
      // It does not stop the process that it starts with.
      await expect(fixture.desk.removeOutdated()).resolves.toBeUndefined();
    });
  });
}
