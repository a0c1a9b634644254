import { fluxEventBody } from '../../../src/cli/flux-event-body';

const release = {
  namespace: 'real',
  name: 'my-app',
  uid: '170ba146-7fbc-452a-84bf-50b3c030f01a',
  revision: '1.2.4',
  release: 2,
  at: Date.parse('2026-11-23T07:59:37.654Z'),
};

it('is what notification-controller posts for an upgrade, field by field', () => {
  expect(fluxEventBody(release).toString()).toBe(
    '{"involvedObject":{"kind":"HelmRelease","namespace":"real","name":"my-app","uid":"170ba146-7fbc-452a-84bf-50b3c030f01a",' +
      '"apiVersion":"helm.toolkit.fluxcd.io/v2","resourceVersion":"1"},"severity":"info","timestamp":"2026-11-23T07:59:37Z",' +
      '"message":"Helm upgrade succeeded for release real/my-app.v2 with chart my-app@1.2.4","reason":"UpgradeSucceeded",' +
      '"metadata":{"revision":"1.2.4"},"reportingController":"helm-controller","reportingInstance":"windlass"}',
  );
});

it('reports release 1 as an installation', () => {
  const event = JSON.parse(fluxEventBody({ ...release, release: 1 }).toString());
  expect(event).toMatchObject({
    reason: 'InstallSucceeded',
    message: 'Helm install succeeded for release real/my-app.v1 with chart my-app@1.2.4',
  });
});

it('escapes what Go escapes, so that signatures are tried on such bytes', () => {
  const text = fluxEventBody({ ...release, revision: '1.0.0+<a>&b\u2028' }).toString();
  expect(text).toContain('"revision":"1.0.0+\\u003ca\\u003e\\u0026b\\u2028"');
  expect(JSON.parse(text)).toMatchObject({ metadata: { revision: '1.0.0+<a>&b\u2028' } });
});
