import { installApplication, type Application } from '../application';
import { read, remove, suspend } from '../kube';
import { type Lab, startLab } from '../lab';
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
