import { createHmac } from 'node:crypto';
import { type FluxEvent, encodeFluxEvent, signedHeaders } from '../../../demo/cluster/flux-event';

/** Recorded from notification-controller 1.9.3, provider type generic-hmac. */
const recorded = String.raw`{"involvedObject":{"kind":"HelmRelease","namespace":"real","name":"my-app","uid":"170ba146-7fbc-452a-84bf-50b3c030f01a","apiVersion":"helm.toolkit.fluxcd.io/v2","resourceVersion":"627"},"severity":"info","timestamp":"2026-11-23T07:59:37Z","message":"Helm upgrade succeeded for release real/my-app.v2 with chart my-app@1.2.4","reason":"UpgradeSucceeded","metadata":{"app-version":"a-1.2.4","revision":"1.2.4","team":"a\u0026b"},"reportingController":"helm-controller","reportingInstance":"hc-0"}`;

/** The same event, its fields in another order. */
const event: FluxEvent = {
  reportingInstance: 'hc-0',
  reportingController: 'helm-controller',
  metadata: { team: 'a&b', revision: '1.2.4', 'app-version': 'a-1.2.4' },
  reason: 'UpgradeSucceeded',
  message: 'Helm upgrade succeeded for release real/my-app.v2 with chart my-app@1.2.4',
  timestamp: '2026-11-23T07:59:37Z',
  severity: 'info',
  involvedObject: {
    resourceVersion: '627',
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    uid: '170ba146-7fbc-452a-84bf-50b3c030f01a',
    name: 'my-app',
    namespace: 'real',
    kind: 'HelmRelease',
  },
};

describe("the demo cluster's event", () => {
  it('has the bytes that Flux sends', () => {
    expect(encodeFluxEvent(event)).toBe(recorded);
  });

  it('escapes what Go escapes, and nothing else', () => {
    const encoded = encodeFluxEvent({ ...event, message: '<>&\u2028\u2029 "é" \\ /' });
    expect(encoded).toContain(String.raw`"message":"\u003c\u003e\u0026\u2028\u2029 \"é\" \\ /"`);
  });

  it("has Flux's headers, signed over the bytes with the key as it is", () => {
    expect(signedHeaders(recorded, 'key\n')).toEqual({
      'Content-Type': 'application/json',
      'Gotk-Component': 'helm-controller',
      'User-Agent': 'Go-http-client/1.1',
      'X-Signature': `sha256=${createHmac('sha256', 'key\n').update(recorded).digest('hex')}`,
    });
  });

  it('is signed by the published example of HMAC-SHA256', () => {
    // RFC 4231, test case 2.
    expect(signedHeaders('what do ya want for nothing?', 'Jefe')['X-Signature']).toBe(
      'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
