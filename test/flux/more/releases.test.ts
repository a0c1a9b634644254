import { installApplication, type Application } from '../application';
import { read, remove, suspend } from '../kube';
import { type Lab, startLab } from '../lab';
import { fromChartRepository } from '../manifests';
import { withinAStep } from '../within-a-step';

let lab: Lab;
let application: Application;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

/** Lines for the `spec` of a HelmRelease. */
const remediation = (retries: number) =>
  `  upgrade:\n    remediation:\n      retries: ${retries}\n      remediateLastFailure: true\n`;
const tests = '  test:\n    enable: true\n';

describe('an upgrade that fails, with remediation', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'remedied', fromChartRepository(remediation(1)));
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
    application = await installApplication(lab, 'rolled-back', fromChartRepository(tests + remediation(0)));
  });

  it('is withdrawn, and the version that fixes it is promoted', async () => {
    await application.publish('1.1.0', 'test');
    await application.tells('dev', 'RollbackSucceeded');
    await withinAStep(async () => {
      expect(await application.lastPromotion('staging')).toBe('1.1.0 withdrawn');
    });
    expect(await application.running('dev')).toBe('1.0.0');
    for (const pullRequest of application.pullRequests('staging')) {
      expect(pullRequest).toMatchObject({ state: 'closed', merged: false });
    }
    await application.publish('1.1.1');
    await application.runs('dev', '1.1.1');
    await application.promote('1.1.1', ['staging']);
  });
});

describe('other values for the same chart', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'configured');
  });

  const greet = async (was: string, is: string) => {
    const before = application.answers('dev').length;
    await application.change('dev', was, is);
    await withinAStep(() => {
      expect(application.answers('dev').slice(before)).toEqual(['accepted']);
    });
  };

  it('open no pull request where every environment has the version, and leave an open one as it is', async () => {
    await greet('  chart:\n', '  values:\n    greeting: one\n  chart:\n');
    await withinAStep(async () => {
      expect(await application.lastPromotion('staging')).toBe('1.0.0 unchanged');
    });
    expect(application.pullRequests('staging')).toEqual([]);

    await application.publish('1.1.0');
    const { headSha } = await application.pullRequest('staging', '1.1.0');
    await greet('greeting: one', 'greeting: two');
    await application.publish('1.2.0');
    await application.pullRequest('staging', '1.2.0');
    expect(application.pullRequests('staging')).toHaveLength(1);
    expect(application.pullRequests('staging')[0]?.headSha).not.toBe(headSha);
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
