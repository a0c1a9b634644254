import {
  type FluxEvent,
  encodeFluxEvent,
  fluxHeaders,
  releaseSucceeded,
} from '../../../src/flux/encode-event';
import { fluxBody, releaseUid, sign } from '../../support/flux-request';

const release = {
  namespace: 'real',
  name: 'my-app',
  uid: releaseUid,
  revision: '1.2.4',
  release: 2,
  at: Date.parse('2026-11-23T07:59:37.654Z'),
};

/** The recorded event, its fields in another order. */
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
    uid: releaseUid,
    name: 'my-app',
    namespace: 'real',
    kind: 'HelmRelease',
  },
};

describe('an event as Flux sends it', () => {
  it('has the bytes that notification-controller was recorded to send', () => {
    expect(encodeFluxEvent(event)).toBe(fluxBody());
  });

  it('escapes what Go escapes, and nothing else', () => {
    const encoded = encodeFluxEvent({ ...event, message: '<>&\u2028\u2029 "é" \\ /' });
    expect(encoded).toContain(String.raw`"message":"\u003c\u003e\u0026\u2028\u2029 \"é\" \\ /"`);
  });

  it('reports an upgrade as helm-controller does', () => {
    const { involvedObject, timestamp, message, reason, metadata } = releaseSucceeded(release);
    expect(involvedObject).toMatchObject({ kind: 'HelmRelease', namespace: 'real', uid: releaseUid });
    expect({ timestamp, message, reason }).toEqual({
      timestamp: event.timestamp,
      message: event.message,
      reason: event.reason,
    });
    expect(metadata).toEqual({ revision: '1.2.4' });
  });

  it('reports release 1 as an installation', () => {
    expect(releaseSucceeded({ ...release, release: 1 })).toMatchObject({
      reason: 'InstallSucceeded',
      message: 'Helm install succeeded for release real/my-app.v1 with chart my-app@1.2.4',
    });
  });

  it("has Flux's headers, signed over the bytes with the key as it is", () => {
    expect(fluxHeaders(fluxBody(), 'key\n')).toEqual({
      'Content-Type': 'application/json',
      'Gotk-Component': 'helm-controller',
      'User-Agent': 'Go-http-client/1.1',
      'X-Signature': sign('key\n', fluxBody()),
    });
  });

  it('is signed as the published example of HMAC-SHA256', () => {
    // RFC 4231, test case 2.
    expect(fluxHeaders('what do ya want for nothing?', 'Jefe')['X-Signature']).toBe(
      'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('bears no signature without a key', () => {
    expect(fluxHeaders(fluxBody())).not.toHaveProperty('X-Signature');
  });
});
