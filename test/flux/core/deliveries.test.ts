import { installApplication, type Application } from '../application';
import { guideFiles, guideSync, guideVersions } from '../guide';
import { type Lab, startLab } from '../lab';
import { read, suspend } from '../kube';
import { fromRegistry } from '../manifests';
import { withinAStep } from '../within-a-step';

let lab: Lab;
let application: Application;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

describe('an application that Flux delivers as the README says', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'whole');
  });

  it('goes from dev to prod by merging what Windlass opens, and its Pipeline shows each step', async () => {
    await application.publish('1.1.0');
    await application.runs('dev', '1.1.0');
    for (const environment of ['staging', 'prod'] as const) {
      const pullRequest = await application.pullRequest(environment, '1.1.0');
      const proposed = await application.shows(environment, '1.1.0', 'pull-request');
      expect(proposed).not.toHaveProperty('mergedAt');
      await application.merge(pullRequest);
      await application.runs(environment, '1.1.0');

      const time = expect.any(String) as string;
      const times = { proposedAt: time, mergedAt: time, deployedAt: time };
      const deployed = await application.shows(environment, '1.1.0', 'deployed');
      expect(deployed).toMatchObject({ ...times, startedAt: time, finishedAt: time });
      const { startedAt, proposedAt, mergedAt, deployedAt } = deployed;
      const inOrder = [startedAt, proposedAt, mergedAt, deployedAt];
      expect([...inOrder].sort()).toEqual(inOrder);
      expect(proposedAt).toBe(proposed.proposedAt);
      expect(await application.hasEvent(environment, '1.1.0', 'Deployed')).toEqual([
        'Started',
        'PullRequestOpened',
        'Merged',
        'Deployed',
      ]);
      expect(application.pullRequests(environment).map(({ title, merged }) => [title, merged])).toEqual([
        [`Promote apps/whole in ${environment} to 1.1.0`, true],
      ]);
    }
  });
});

describe('the fleet of the guide for kind', () => {
  const { first, next } = guideVersions;
  beforeAll(async () => {
    const [files, sync] = [guideFiles(lab, 'guided'), guideSync(lab, 'guided')];
    application = await installApplication(lab, 'guided', { first, files, sync });
  });

  it('promotes a version from dev to prod', async () => {
    await application.publish(next);
    await application.change('dev', `version: ${first}`, `version: ${next}`);
    await application.runs('dev', next);
    await application.promote(next);
    await application.shows('prod', next, 'deployed');
    expect(await application.running('prod')).toBe(next);
  });
});

describe('an application whose OCIRepositories name tags that begin with v', () => {
  beforeAll(async () => {
    const tag = fromRegistry(
      (environment, marker) => `tag: v1.0.0${environment === 'dev' ? '' : ` ${marker}`}`,
    );
    application = await installApplication(lab, 'tagged', { delivery: tag, first: 'v1.0.0' });
  });

  it('goes from dev to prod, the tags as the registry has them', async () => {
    await application.publish('v1.1.0');
    await application.change('dev', 'tag: v1.0.0', 'tag: v1.1.0');
    await application.runs('dev', 'v1.1.0');
    await application.promote('v1.1.0');
    expect(await application.running('prod')).toBe('v1.1.0');
  });
});

describe('an application whose HelmReleases are suspended', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'suspended');
  });

  it('is promoted once they are resumed, and not before; what is merged meanwhile is not deployed', async () => {
    const dev = application.object('HelmRelease', 'dev');
    await suspend(lab.cluster, dev);
    await application.publish('1.1.0');
    await withinAStep(async () => {
      expect(await application.chartRevision('dev')).toBe('1.1.0');
    });
    expect(await application.running('dev')).toBe('1.0.0');
    expect(application.pullRequests('staging')).toEqual([]);
    await suspend(lab.cluster, dev, false);
    await application.runs('dev', '1.1.0');

    const staging = application.object('HelmRelease', 'staging');
    await suspend(lab.cluster, staging);
    const pullRequest = await application.pullRequest('staging', '1.1.0');
    await application.shows('staging', '1.1.0', 'pull-request');
    await application.merge(pullRequest);
    await application.deliver();
    await withinAStep(async () => {
      const found = await read<{ spec: object }>(lab.cluster, staging);
      expect(found?.spec).toMatchObject({ chart: { spec: { version: '1.1.0' } } });
    });
    const merged = await application.shows('staging', '1.1.0', 'merged');
    expect(merged).toMatchObject({ mergedAt: expect.any(String) });
    expect(merged).not.toHaveProperty('deployedAt');
    expect(await application.running('staging')).toBe('1.0.0');
    expect(application.pullRequests('prod')).toEqual([]);
    await suspend(lab.cluster, staging, false);
    await application.runs('staging', '1.1.0');
    await application.shows('staging', '1.1.0', 'deployed');
    await application.promote('1.1.0', ['prod']);
  });
});
