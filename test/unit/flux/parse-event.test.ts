import fc from 'fast-check';
import { metadataValue, parseFluxEvent, releaseNumber, revisionFault } from '../../../src/flux/parse-event';
import { fluxBody } from '../../support/flux-request';

const parse = (text: string) => parseFluxEvent(Buffer.from(text));

describe('a Flux event', () => {
  it('is read from the bytes that Go sends, escapes and all', () => {
    const parsed = parse(fluxBody());
    expect(parsed).toMatchObject({
      ok: true,
      event: { reason: 'UpgradeSucceeded', metadata: { revision: '1.2.4', team: 'a&b' } },
    });
  });

  it('may lack all but the involved object', () => {
    expect(parse('{"involvedObject":{"kind":"K","namespace":"n","name":"o"}}').ok).toBe(true);
  });

  it('may have what Go left unset as null', () => {
    const nulls = '"severity":null,"timestamp":null,"message":null,"reason":null,"metadata":null';
    expect(parse(`{"involvedObject":{"kind":"K","namespace":"n","name":"o","uid":null},${nulls}}`).ok).toBe(
      true,
    );
  });

  it.each([
    ['nothing', '', 'the body is not JSON in UTF-8'],
    ['half a document', '{"involvedObject":', 'the body is not JSON in UTF-8'],
    ['a list', '[]', 'the body is not a Flux event: body: '],
    ['null', 'null', 'the body is not a Flux event: body: '],
    ['very deep nesting', '['.repeat(100_000), 'the body is not JSON in UTF-8'],
    ['no object', '{}', 'the body is not a Flux event: involvedObject: '],
    ['a nameless object', '{"involvedObject":{"kind":"K","namespace":"n"}}', 'involvedObject.name: '],
    [
      'a number for a name',
      '{"involvedObject":{"kind":"K","namespace":"n","name":1}}',
      'involvedObject.name: ',
    ],
    ['an impossible time', fluxBody(['2026-11-23T07', '2026-13-23T07']), 'timestamp: '],
    ['a time without zone', fluxBody(['07:59:37Z', '07:59:37']), 'timestamp: '],
    ['metadata that is a text', fluxBody(['"metadata":{', '"metadata":"x","m":{']), 'metadata: '],
  ])('is not %s', (_what, text, fault) => {
    expect(parse(text)).toEqual({ ok: false, fault: expect.stringContaining(fault) });
  });

  it('is not what is no UTF-8', () => {
    expect(parseFluxEvent(Buffer.from([0x22, 0xff, 0x22])).ok).toBe(false);
  });

  it('never makes the parser throw', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => typeof parse(text).ok === 'boolean'));
  });
});

describe('metadata', () => {
  const valueOf = (metadata: string): unknown => {
    const parsed = parse(`{"involvedObject":{"kind":"K","namespace":"n","name":"o"},"metadata":${metadata}}`);
    return parsed.ok ? metadataValue(parsed.event, 'revision') : 'unparsed';
  };

  it.each([
    ['{"revision":"1.2.3"}', '1.2.3'],
    ['{"helm.toolkit.fluxcd.io/revision":"1.2.3"}', '1.2.3'],
    ['{"revision":"1.2.3","helm.toolkit.fluxcd.io/revision":"9.9.9"}', '1.2.3'],
    ['{"revision":7}', 7],
  ])('%s says the revision %j', (metadata, revision) => {
    expect(valueOf(metadata)).toBe(revision);
  });

  it.each([
    '{}',
    'null',
    '{"revision":""}',
    '{"revision":null}',
    '{"source.toolkit.fluxcd.io/revision":"1.2.3"}',
  ])('%s says none', (metadata) => {
    expect(valueOf(metadata)).toBeUndefined();
  });
});

describe("Helm's release number", () => {
  it.each([
    ['Helm upgrade succeeded for release real/my-app.v2 with chart my-app@1.2.4', 2],
    ['Helm install succeeded for release real/my-app.v1 with chart my-app@1.2.4', 1],
    ['Helm upgrade succeeded for release real/my.v7.app.v1234 with chart my-app@1.2.4', 1234],
    ['Helm upgrade succeeded for release real/my-app.v3', 3],
  ])('of "%s" is %i', (message, number) => {
    expect(releaseNumber(message)).toBe(number);
  });

  it.each([
    '',
    'Helm upgrade succeeded',
    'Helm upgrade succeeded for release real/my-app.v0 with chart my-app@1.2.4',
    'Helm upgrade succeeded for release real/my-app.v99999999999 with chart my-app@1.2.4',
    'Helm upgrade succeeded for release real/my-app with chart my-app.v3',
    // A rollback's names the release that it went back to, not its own.
    'Helm rollback to previous release real/my-app.v1 with chart my-app@1.2.3 succeeded',
  ])('is not in "%s"', (message) => {
    expect(releaseNumber(message)).toBeUndefined();
  });
});

describe('a revision', () => {
  it.each(['1.2.3', 'v1.2.3-rc.1+build.5', '1.2.3+4', '20261123', 'main/0c1d', '1'.repeat(200)])(
    'may be %s',
    (revision) => {
      expect(revisionFault(revision)).toBeUndefined();
    },
  );

  it.each([
    ['1.2.3\n', 'has control characters'],
    ['1.2.3\u0000', 'has control characters'],
    ['1.2.3\u0085', 'has control characters'],
    ['1.2.3\u2028', 'has control characters'],
    ['1'.repeat(201), 'is longer than 200 characters'],
    ['', 'has characters that are not allowed in a version'],
    ['-1.2.3', 'has characters that are not allowed in a version'],
    ['--upload-pack=x', 'has characters that are not allowed in a version'],
    ['1.2.3 # x', 'has characters that are not allowed in a version'],
    ['1.2.3"', 'has characters that are not allowed in a version'],
    ['<b>1</b>', 'has characters that are not allowed in a version'],
    ['{{ .Values.x }}', 'has characters that are not allowed in a version'],
    ['１.2.3', 'has characters that are not allowed in a version'],
  ])('must not be %j', (revision, fault) => {
    expect(revisionFault(revision)).toBe(fault);
  });
});
