import { installApplication, type Application } from '../application';
import { failingGreeting } from '../chart';
import { read, remove, suspend } from '../kube';
import { type Lab, startLab } from '../lab';
import { enabledTests, fromChartRepository, remediation } from '../manifests';
import { withinAStep } from '../within-a-step';

let lab: Lab;
let application: Application;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

describe('an upgrade that fails, with remediation', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'remedied', {
      delivery: fromChartRepository({ dev: remediation(1) }),
    });
  });

  it('promotes nothing, neither by its retries nor by its rollbacks, and the version that fixes it is promoted', async () => {
    await application.publish('1.1.0', 'upgrade');
    await application.tells('dev', 'RollbackSucceeded');
    await withinAStep(async () => {
      const release = await read<{ status: { conditions: readonly object[] } }>(
        lab.cluster,
        application.object('HelmRelease', 'dev'),
      );
      expect(release?.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'RetriesExceeded' }),
      );
    });
    expect(await application.running('dev')).toBe('1.0.0');
    expect(application.pullRequests('staging')).toEqual([]);
    await application.publish('1.1.1');
    await application.runs('dev', '1.1.1');
    await application.promote('1.1.1', ['staging']);
    expect(application.pullRequests('staging')).toHaveLength(1);
  });
});

describe('an upgrade whose Helm test fails, so that helm-controller rolls it back', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'rolled-back', {
      delivery: fromChartRepository({ dev: enabledTests + remediation(0) }),
    });
  });

  it('is withdrawn, and the version that fixes it is promoted', async () => {
    await application.publish('1.1.0', 'test');
    await application.tells('dev', 'RollbackSucceeded');
    await application.shows('staging', '1.1.0', 'withdrawn');
    expect(await application.running('dev')).toBe('1.0.0');
    for (const pullRequest of application.pullRequests('staging')) {
      expect(pullRequest).toMatchObject({ state: 'closed', merged: false });
    }
    await application.publish('1.1.1');
    await application.runs('dev', '1.1.1');
    await application.promote('1.1.1', ['staging']);
  });
});

describe('an upgrade that fails in prod after its pull request was merged, so that helm-controller rolls it back', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'rolled-back-in-prod', {
      delivery: fromChartRepository({ prod: remediation(0) }),
    });
  });

  it('is not proposed again, and the version that fixes it is promoted', async () => {
    await application.publish('1.1.0', 'upgrade-in-prod');
    await application.promote('1.1.0', ['staging']);
    const pullRequest = await application.pullRequest('prod', '1.1.0');
    await application.shows('prod', '1.1.0', 'pull-request');
    await application.merge(pullRequest);
    await application.deliver();
    await application.tells('prod', 'RollbackSucceeded');
    const { message } = await application.shows('prod', '1.1.0', 'rolled-back');
    expect(message).toMatch(/^prod went back to 1\.0\.0, so 1\.1\.0 is held\./);
    expect(await application.hasEvent('prod', '1.1.0', 'RolledBack')).not.toContain('Deployed');

    await application.change('prod', 'version: 1.1.0', 'version: 1.0.0');
    await application.greet('staging', 'hello again');
    await application.hasEvent('prod', '1.1.0', 'EventDropped');
    await application.shows('prod', '1.1.0', 'rolled-back');
    expect(application.pullRequests('prod')).toMatchObject([{ number: pullRequest.number, merged: true }]);
    expect(await application.running('prod')).toBe('1.0.0');

    await application.publish('1.1.1');
    await application.promote('1.1.1');
    await application.shows('prod', '1.1.1', 'deployed');
  });
});

describe('a version whose Helm test fails after its pull request was opened', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'failing-later', {
      delivery: fromChartRepository({ dev: enabledTests }),
    });
  });

  const checks = () => application.checks('staging');

  it('keeps its pull request, whose check is pending until the test passes again', async () => {
    await application.publish('1.1.0');
    await application.runs('dev', '1.1.0');
    const { number } = await application.pullRequest('staging', '1.1.0');
    await withinAStep(() => expect(checks()).toEqual([['windlass/gates', 'success']]));

    await application.greet('dev', failingGreeting);
    await application.shows('staging', '1.1.0', 'tests-failed');
    await withinAStep(() => expect(checks()).toEqual([['windlass/gates', 'pending']]));
    expect(application.pullRequests('staging')).toMatchObject([{ number, state: 'open' }]);

    await application.greet('dev', 'hello');
    await application.shows('staging', '1.1.0', 'pull-request');
    await withinAStep(() => expect(checks()).toEqual([['windlass/gates', 'success']]));
    await application.promote('1.1.0', ['staging']);
    expect(application.pullRequests('staging')).toMatchObject([{ number, merged: true }]);
  });
});

describe('other values for the same chart', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'configured');
  });

  it('open no pull request where every environment has the version, and leave an open one as it is', async () => {
    await application.greet('dev', 'one');
    await application.shows('staging', '1.0.0', 'unchanged');
    expect(application.pullRequests('staging')).toEqual([]);

    await application.publish('1.1.0');
    const { headSha } = await application.pullRequest('staging', '1.1.0');
    await application.greet('dev', 'two');
    await application.publish('1.2.0');
    await application.pullRequest('staging', '1.2.0');
    expect(application.pullRequests('staging')).toHaveLength(1);
    // The branch is pushed before its pull request has the new head.
    await withinAStep(() => expect(application.pullRequests('staging')[0]?.headSha).not.toBe(headSha));
    await application.promote('1.2.0', ['staging']);
  });
});

describe('a HelmRelease that is uninstalled and installed again with the same version', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'uninstalled');
  });

  it('keeps the pull request of its version', async () => {
    await application.publish('1.1.0');
    await application.runs('dev', '1.1.0');
    const { number } = await application.pullRequest('staging', '1.1.0');
    const release = application.object('HelmRelease', 'dev');
    const before = application.answers('dev').length;
    await suspend(lab.cluster, application.kustomization('dev'));
    await remove(lab.cluster, release);
    await application.tells('dev', 'UninstallSucceeded');
    await withinAStep(() => application.answers('dev').length > before);
    await withinAStep(async () => {
      expect(await read(lab.cluster, release)).toBeUndefined();
    });
    expect(application.pullRequests('staging')).toMatchObject([{ number, state: 'open' }]);
    await suspend(lab.cluster, application.kustomization('dev'), false);
    await application.runs('dev', '1.1.0');
    await application.promote('1.1.0', ['staging']);
    expect(application.pullRequests('staging')).toMatchObject([{ number, merged: true }]);
  });
});
