/* eslint-disable jest/no-export, jest/valid-title -- this is the suite itself, which the test of each store runs */
import { WindlassError } from '../../../src/domain/errors';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { type IndexedPipelineStore } from '../../../src/store/pipeline-store';
import { eventually } from '../../support/eventually';

/** One store, with the means to change what it holds. In Kubernetes, Windlass is in the namespace `windlass`. */
export interface StoreFixture {
  readonly store: IndexedPipelineStore;
  /** Creates the one object of this manifest, or puts it in the place of its namesake. */
  put(manifestYaml: string): Promise<void>;
  /** Deletes an object that was put. */
  remove(kind: 'Pipeline' | 'Freeze' | 'Secret', namespace: string, name: string): Promise<void>;
  /** Takes away whatever the store reads from. */
  breakDown(): Promise<void>;
  /** Closes the store and cleans up. */
  close(): Promise<void>;
}

const pipeline = (name: string, environments = 'dev, prod') => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata:
  name: ${name}
  namespace: apps
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: ${name} }
  environments: [${environments
    .split(', ')
    .map((environment) => `{ name: ${environment}, targets: [{ namespace: ${environment} }] }`)
    .join(', ')}]
  promotion: { strategy: { notification: {}, secretRef: { name: webhook } } }
`;

const pullRequest = (secretName: string) =>
  `pull-request: { type: github, url: "https://github.com/example/fleet", secretRef: { name: ${secretName} } }`;

const secret = (values: string) => `
apiVersion: v1
kind: Secret
metadata: { name: webhook, namespace: apps }
${values}
`;

const freeze = (name: string, spec: string, namespace = 'apps') => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Freeze
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;

/** Not the same as none: a promotion of it has to wait. */
const makesNoSense = {
  code: 'invalid-pipeline',
  message: expect.stringContaining('spec.environments[1].name: is also the name of an earlier environment'),
};

/** What every PipelineStore does, whatever it reads from. */
export function describeStore(name: string, open: () => Promise<StoreFixture>): void {
  describe(name, () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    const environmentsOf = async (pipelineName: string) =>
      (await fixture.store.pipeline({ namespace: 'apps', name: pipelineName }))?.environments.map(
        (environment) => environment.name,
      );
    const keyOf = async () => {
      const data = await fixture.store.secret('apps', 'webhook');
      return data?.['hmac-key'] && Buffer.from(data['hmac-key']);
    };

    it('is ready once it has read everything, even if that is nothing', async () => {
      expect(fixture.store.ready()).toBe(true);
      expect(await environmentsOf('shop')).toBeUndefined();
      expect(await fixture.store.secret('apps', 'webhook')).toBeUndefined();
    });

    it('gives a pipeline by namespace and name', async () => {
      await fixture.put(pipeline('shop'));
      await eventually(async () => expect(await environmentsOf('shop')).toEqual(['dev', 'prod']));
      expect(await fixture.store.pipeline({ namespace: 'apps', name: 'shop' })).toMatchObject({
        namespace: 'apps',
        name: 'shop',
        appRef: { kind: 'HelmRelease', name: 'shop' },
        promotion: { manual: false, strategy: { kind: 'notification' }, hmacSecretName: 'webhook' },
        allowUnsigned: false,
      });
      expect(await fixture.store.pipeline({ namespace: 'other', name: 'shop' })).toBeUndefined();
    });

    it('sees a pipeline change and go', async () => {
      await fixture.put(pipeline('shop'));
      await fixture.put(pipeline('cart'));
      await eventually(async () => expect(await environmentsOf('cart')).toBeDefined());
      await fixture.put(pipeline('shop', 'dev, staging, prod'));
      await eventually(async () => expect(await environmentsOf('shop')).toEqual(['dev', 'staging', 'prod']));
      await fixture.remove('Pipeline', 'apps', 'shop');
      await eventually(async () => expect(await environmentsOf('shop')).toBeUndefined());
      expect(await environmentsOf('cart')).toEqual(['dev', 'prod']);
    });

    it('finds the references to a repository, as pipelines come, change and go', async () => {
      const url = parseRepositoryUrl('git@github.com:example/fleet.git');
      const found = async () =>
        (await fixture.store.repositories('github', url)).map(({ secretName }) => secretName);
      expect(await found()).toEqual([]);
      await fixture.put(pipeline('shop').replace('notification: {}', pullRequest('git')));
      await eventually(async () => expect(await found()).toEqual(['git']));
      await fixture.put(pipeline('shop').replace('notification: {}', pullRequest('other')));
      await eventually(async () => expect(await found()).toEqual(['other']));
      await fixture.remove('Pipeline', 'apps', 'shop');
      await eventually(async () => expect(await found()).toEqual([]));
    });

    it('leaves out an invalid pipeline, and no other', async () => {
      await fixture.put(pipeline('shop'));
      await fixture.put(pipeline('cart', 'dev, dev'));
      await fixture.put(pipeline('last'));
      await eventually(async () => expect(await environmentsOf('last')).toBeDefined());
      expect(await environmentsOf('shop')).toBeDefined();
      await expect(environmentsOf('cart')).rejects.toMatchObject(makesNoSense);
      await fixture.put(pipeline('shop', 'dev, dev'));
      await eventually(() => expect(environmentsOf('shop')).rejects.toMatchObject(makesNoSense));
      await fixture.put(pipeline('shop'));
      await eventually(async () => expect(await environmentsOf('shop')).toBeDefined());
      await fixture.remove('Pipeline', 'apps', 'cart');
      await eventually(async () => expect(await environmentsOf('cart')).toBeUndefined());
    });

    it('gives the freezes of a namespace and those for all, as they come, change and go', async () => {
      const reasonsIn = async (namespace: string) =>
        (await fixture.store.freezes(namespace)).map(({ reason }) => reason).sort();
      await eventually(async () => expect(await reasonsIn('apps')).toEqual([]));
      await fixture.put(freeze('fair', '{ reason: Fair }'));
      await fixture.put(freeze('holidays', '{ reason: Holidays, allNamespaces: true }', 'windlass'));
      await eventually(async () => expect(await reasonsIn('apps')).toEqual(['Fair', 'Holidays']));
      expect(await reasonsIn('other')).toEqual(['Holidays']);
      await fixture.put(freeze('fair', '{ reason: Trade fair }'));
      await eventually(async () => expect(await reasonsIn('apps')).toEqual(['Holidays', 'Trade fair']));
      await fixture.remove('Freeze', 'windlass', 'holidays');
      await eventually(async () => expect(await reasonsIn('apps')).toEqual(['Trade fair']));
      await fixture.remove('Freeze', 'apps', 'fair');
      await eventually(async () => expect(await reasonsIn('apps')).toEqual([]));
    });

    it('reports the Pipelines that a freeze selects when it comes and goes', async () => {
      const told: string[] = [];
      fixture.store.subscribe((pipelines) => told.push(...pipelines.map((one) => one.name)));
      await fixture.put(pipeline('shop'));
      await fixture.put(
        pipeline('cart').replace('namespace: apps', 'namespace: apps\n  labels: { tier: x }'),
      );
      await eventually(async () => expect(await environmentsOf('cart')).toBeDefined());
      await eventually(async () => expect(await fixture.store.freezes('apps')).toEqual([]));
      await fixture.put(freeze('fair', '{ reason: Fair, pipelines: { matchLabels: { tier: x } } }'));
      await eventually(() => expect(told).toEqual(['cart']));
      await fixture.remove('Freeze', 'apps', 'fair');
      await eventually(() => expect(told).toEqual(['cart', 'cart']));
    });

    it('gives a Secret byte for byte', async () => {
      await fixture.put(secret('data: { hmac-key: AP8KIHNlY3JldAo= }'));
      await eventually(async () =>
        expect(await keyOf()).toEqual(Buffer.from('\u0000\u00ff\n secret\n', 'latin1')),
      );
      expect(await fixture.store.secret('other', 'webhook')).toBeUndefined();
    });

    it('lets stringData win over data', async () => {
      await fixture.put(secret('data: { hmac-key: b2xk }\nstringData: { hmac-key: "new\\n" }'));
      await eventually(async () => expect(await keyOf()).toEqual(Buffer.from('new\n')));
    });

    it('sees a Secret change and go', async () => {
      await fixture.put(secret('stringData: { hmac-key: one }'));
      await eventually(async () => expect(await keyOf()).toEqual(Buffer.from('one')));
      await fixture.put(secret('stringData: { hmac-key: two }'));
      await eventually(async () => expect(await keyOf()).toEqual(Buffer.from('two')));
      await fixture.remove('Secret', 'apps', 'webhook');
      await eventually(async () => expect(await keyOf()).toBeUndefined());
    });

    it('is not fooled by names that every object has', async () => {
      expect(await fixture.store.pipeline({ namespace: '__proto__', name: 'constructor' })).toBeUndefined();
      expect(await fixture.store.secret('constructor', '__proto__')).toBeUndefined();
      await fixture.put(secret('stringData: { hmac-key: one }'));
      await eventually(async () => expect(await keyOf()).toBeDefined());
    });

    it('admits that it knows nothing when it can read nothing', async () => {
      await fixture.put(pipeline('shop'));
      await eventually(async () => expect(await environmentsOf('shop')).toBeDefined());
      await fixture.breakDown();
      await eventually(() => expect(fixture.store.ready()).toBe(false));
      const failures = await Promise.all([
        environmentsOf('shop').catch((error: unknown) => error),
        fixture.store.freezes('apps').catch((error: unknown) => error),
        keyOf().catch((error: unknown) => error),
      ]);
      for (const failure of failures) {
        expect(failure).toBeInstanceOf(WindlassError);
        expect(failure).toMatchObject({ code: 'store-unavailable', retryable: true });
      }
    });
  });
}
