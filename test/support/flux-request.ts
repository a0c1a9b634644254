import { createHmac } from 'node:crypto';

export const releaseUid = '170ba146-7fbc-452a-84bf-50b3c030f01a';

/**
 * The bytes that notification-controller 1.9.3 posts for an upgrade, as recorded: Go's order of fields and its escapes.
 * `replacements` are pairs of what to replace in them and by what.
 */
export function fluxBody(...replacements: readonly (readonly [was: string, is: string])[]): string {
  let body =
    `{"involvedObject":{"kind":"HelmRelease","namespace":"real","name":"my-app","uid":"${releaseUid}",` +
    '"apiVersion":"helm.toolkit.fluxcd.io/v2","resourceVersion":"627"},"severity":"info","timestamp":"2026-11-23T07:59:37Z",' +
    '"message":"Helm upgrade succeeded for release real/my-app.v2 with chart my-app@1.2.4","reason":"UpgradeSucceeded",' +
    '"metadata":{"app-version":"a-1.2.4","revision":"1.2.4","team":"a\\u0026b"},' +
    '"reportingController":"helm-controller","reportingInstance":"hc-0"}';
  for (const [was, is] of replacements) {
    if (!body.includes(was)) throw new Error(`the recorded body has no ${was}`);
    body = body.replace(was, is);
  }
  return body;
}

/** Ten seconds after the recorded event. */
export const fluxReceivedAt = Date.parse('2026-11-23T07:59:47Z');

/** `X-Signature` as Flux's provider type generic-hmac writes it. */
export function sign(key: string | Uint8Array, body: string | Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}=${createHmac(algorithm, key).update(body).digest('hex')}`;
}
