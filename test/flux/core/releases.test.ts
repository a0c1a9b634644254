import { installApplication, type Application } from '../application';
import { read, remove, suspend } from '../kube';
import { type Lab, startLab } from '../lab';
import { enabledTests, fromChartRepository } from '../manifests';
import { withinAStep } from '../within-a-step';

let lab: Lab;
let application: Application;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

describe('an upgrade that fails, without remediation', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'failing');
  });

  it('promotes nothing, and the version that fixes it is promoted', async () => {
    const before = application.answers('dev').length;
    await application.publish('1.1.0', 'upgrade');
    await application.tells('dev', 'UpgradeFailed');
    await withinAStep(() => {
      expect(application.answers('dev').slice(before)).toContain('not-a-promotion');
    });
    expect(application.answers('dev').slice(before)).not.toContain('accepted');
    expect(application.pullRequests('staging')).toEqual([]);
    await application.publish('1.1.1');
    await application.runs('dev', '1.1.1');
    await application.promote('1.1.1', ['staging']);
    expect(application.pullRequests('staging')).toHaveLength(1);
  });
});

describe('a version whose Helm test fails', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'tested', {
      delivery: fromChartRepository({ dev: enabledTests }),
      gates: { staging: '{ promoteOn: tested }' },
    });
  });

  it('is shown and not proposed, and a later version whose test passes is promoted', async () => {
    await application.publish('1.1.0', 'test');
    const { message } = await application.shows('staging', '1.1.0', 'tests-failed');
    expect(message).toMatch(/^staging waits for 1\.1\.0: /);
    expect(await application.running('dev')).toBe('1.1.0');
    await application.hasEvent('staging', '1.1.0', 'TestsFailed');
    expect(application.pullRequests('staging')).toEqual([]);
    await application.publish('1.1.1');
    await application.runs('dev', '1.1.1');
    await application.promote('1.1.1', ['staging']);
    expect(application.pullRequests('staging')).toHaveLength(1);
    await application.shows('staging', '1.1.1', 'deployed');
  });
});

describe('a version whose pull request a person closes', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'refused');
  });

  it('stays refused when dev releases it again with other values, and a newer version is proposed', async () => {
    await application.publish('1.1.0');
    const refused = await application.pullRequest('staging', '1.1.0');
    await application.shows('staging', '1.1.0', 'pull-request');
    await application.close(refused);
    await application.shows('staging', '1.1.0', 'closed');

    await application.greet('dev', 'hello again');
    await application.hasEvent('staging', '1.1.0', 'EventDropped');
    await application.shows('staging', '1.1.0', 'closed');
    expect(application.pullRequests('staging')).toMatchObject([{ number: refused.number, state: 'closed' }]);

    await application.publish('1.2.0');
    await application.promote('1.2.0', ['staging']);
    expect(application.pullRequests('staging').map(({ merged }) => merged)).toEqual([false, true]);
  });
});

describe('a version that a person reverts in prod', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'reverted');
  });

  it('is not proposed again when staging releases it with other values, and a newer version is', async () => {
    await application.publish('1.1.0');
    await application.promote('1.1.0');
    await application.shows('prod', '1.1.0', 'deployed');
    await application.change('prod', 'version: 1.1.0', 'version: 1.0.0');
    await application.runs('prod', '1.0.0');
    const { message } = await application.shows('prod', '1.1.0', 'rolled-back');
    expect(message).toMatch(/^prod went back to 1\.0\.0, so 1\.1\.0 is held\./);
    await application.hasEvent('prod', '1.1.0', 'RolledBack');

    await application.greet('staging', 'hello again');
    await application.hasEvent('prod', '1.1.0', 'EventDropped');
    await application.shows('prod', '1.1.0', 'rolled-back');
    expect(application.pullRequests('prod')).toHaveLength(1);
    expect(await application.running('prod')).toBe('1.0.0');

    await application.publish('1.2.0');
    await application.promote('1.2.0');
    await application.shows('prod', '1.2.0', 'deployed');
  });
});

describe('a HelmRelease that is deleted and installed again with a lower version', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'recreated');
  });

  it('withdraws the version that nothing runs any more, and later lower ones are promoted', async () => {
    // notification-controller drops what it has had within five minutes, whatever the uid: the second install needs a
    // version of its own.
    await application.publish('1.1.0');
    await application.runs('dev', '1.1.0');
    await application.promote('1.1.0', ['staging']);
    await application.publish('2.0.0');
    await application.runs('dev', '2.0.0');
    const { number } = await application.pullRequest('staging', '2.0.0');
    const release = application.object('HelmRelease', 'dev');
    await suspend(lab.cluster, application.kustomization('dev'));
    await remove(lab.cluster, release);
    await withinAStep(async () => expect(await read(lab.cluster, release)).toBeUndefined());
    await application.unpublish('2.0.0');
    await application.change('dev', '">=1.0.0"', '1.x');
    await suspend(lab.cluster, application.kustomization('dev'), false);
    await application.runs('dev', '1.1.0');
    await withinAStep(() => {
      const found = application.pullRequests('staging').find((each) => each.number === number);
      expect(found).toMatchObject({ state: 'closed', merged: false });
    });

    await application.publish('1.20.0');
    await application.runs('dev', '1.20.0');
    await application.promote('1.20.0');
  });
});
