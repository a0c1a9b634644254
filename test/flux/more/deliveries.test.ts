import { installApplication, type Application } from '../application';
import { type Lab, startLab } from '../lab';
import { fromRegistry } from '../manifests';
import { withinAStep } from '../within-a-step';

let lab: Lab;
let application: Application;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

describe('two versions within seconds', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'hasty');
  });

  it('become one pull request, of the newer', async () => {
    await application.publish('1.1.0');
    await withinAStep(async () => {
      expect(await application.chartRevision('dev')).toBe('1.1.0');
    });
    await application.publish('1.1.1');
    await application.runs('dev', '1.1.1');
    await application.promote('1.1.1', ['staging']);
    expect(application.pullRequests('staging')).toHaveLength(1);
  });
});

describe('an application whose OCIRepository in dev follows a range', () => {
  beforeAll(async () => {
    const range = fromRegistry((environment, marker) =>
      environment === 'dev' ? 'semver: ">=1.0.0"' : `tag: 1.0.0 ${marker}`,
    );
    application = await installApplication(lab, 'ranged', { delivery: range });
  });

  it('goes from dev to prod, without the digest that Flux reports', async () => {
    await application.publish('1.1.0');
    await application.runs('dev', '1.1.0');
    await application.promote('1.1.0');
    expect(await application.running('prod')).toBe('1.1.0');
  });
});

describe('the worker away', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'unattended');
  });

  it('delays a promotion until it is back', async () => {
    const before = application.answers('dev').length;
    await lab.worker.stop();
    await application.publish('1.1.0');
    await application.runs('dev', '1.1.0');
    await withinAStep(() => {
      expect(application.answers('dev').slice(before)).toEqual(['accepted']);
    });
    expect(application.pullRequests('staging')).toEqual([]);
    await lab.worker.start();
    await application.promote('1.1.0');
    expect(await application.running('prod')).toBe('1.1.0');
  });
});

describe('the Kubernetes API server away', () => {
  beforeAll(async () => {
    application = await installApplication(lab, 'interrupted');
  });

  it('delays a promotion until it is back', async () => {
    await lab.cluster.stop();
    await lab.charts.publish({ name: 'interrupted', version: '1.1.0' });
    await lab.cluster.start();
    await application.lookForCharts();
    await application.runs('dev', '1.1.0');
    await application.promote('1.1.0');
    expect(await application.running('prod')).toBe('1.1.0');
  });
});
