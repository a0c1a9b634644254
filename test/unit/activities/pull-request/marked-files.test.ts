import { setVersions } from '../../../../src/activities/pull-request/marked-files';
import { type PromotionTask } from '../../../../src/domain/promotion/promotion';
import { type Repository } from '../../../../src/git/repository';
import { deployment, pipelineRef } from '../../../support/events';
import { BeyondParserLimits, type Parser } from '../../../../src/parsing/parser';
import { inlineParser } from '../../../support/inline-parser';

const event = deployment({ version: '1.1.0' });
const task: PromotionTask = {
  action: 'promote',
  pipeline: pipelineRef,
  from: 'dev',
  to: 'prod',
  version: '1.1.0',
  event,
};
const good = 'spec:\n  version: 1.0.0 # {"$promotion": "apps:shop:prod"}\n';
const behindWords = 'version: 1.0.0 # managed {"$promotion": "apps:shop:prod"}\n';
const inPatch = 'patches:\n  - patch: |\n      value: 1.0.0 # {"$promotion": "apps:shop:prod"}\n';
const commentedOut = '# version: 1.0.0 # {"$promotion": "apps:shop:prod"}\n';

/** A commit with these files, as far as finding them goes. */
function commitOf(files: Readonly<Record<string, string>>): Repository {
  return {
    filesContaining: (_commit: string, text: string) =>
      Promise.resolve(
        Object.entries(files)
          .filter(([, content]) => content.includes(text))
          .map(([path, content]) => ({ path, content: Buffer.from(content) })),
      ),
    unreadFiles: () => Promise.resolve({ otherNames: [], lfsPointers: [], symbolicLinks: [] }),
  } as unknown as Repository;
}
const sourceOf = (repository: Repository) => ({
  repository,
  parser: inlineParser,
  signal: new AbortController().signal,
});
const promote = (files: Readonly<Record<string, string>>) =>
  setVersions(sourceOf(commitOf(files)), 'head', 'main', task);

describe('markers that do not count, and no other', () => {
  it.each([
    ['in a block scalar', inPatch, /apps\/a\.yaml:3: .*inside a string or a block scalar/],
    ['after other words', behindWords, /apps\/a\.yaml:1: .*not alone in its comment/],
    [
      'in a second comment',
      'version: 1.0.0 # renovate # {"$promotion": "apps:shop:prod"}\n',
      /apps\/a\.yaml:1: .*not alone/,
    ],
    ['with a suffix', 'tag: 1.0.0 # {"$promotion": "apps:shop:prod:tag"}\n', /apps\/a\.yaml:1: .*suffix/],
    [
      'without the dollar sign',
      'tag: 1.0.0 # {"promotion": "apps:shop:prod"}\n',
      /apps\/a\.yaml:1: .*dollar/,
    ],
    [
      'with a misspelt environment',
      'tag: 1.0.0 # {"$promotion": "apps:shop:prd"}\n',
      /apps\/a\.yaml:1: .*did you mean "apps:shop:prod"/,
    ],
    ['in a line that is commented out', commentedOut, /apps\/a\.yaml:1: .*commented out/],
  ])('%s, are named with file and line', async (_, content, message) => {
    await expect(promote({ 'apps/a.yaml': content })).rejects.toMatchObject({
      code: 'no-marker',
      message: expect.stringMatching(message) as string,
    });
  });

  it('are not taken from another environment', async () => {
    await expect(promote({ 'a.yaml': 'tag: 1.0.0 # {"$promotion": "apps:shop:staging"}\n' })).rejects.toThrow(
      /^No manifest on the branch main has the marker # \{"\$promotion": "apps:shop:prod"\}\. [A-Z]/,
    );
  });
});

it('names files that are not read where no marker is found at all', async () => {
  const repository = {
    ...commitOf({}),
    unreadFiles: () =>
      Promise.resolve({ otherNames: ['a.YAML'], lfsPointers: ['b.yaml'], symbolicLinks: ['c\n.yaml'] }),
  };
  await expect(setVersions(sourceOf(repository), 'head', 'main', task)).rejects.toMatchObject({
    code: 'no-marker',
    message: expect.stringMatching(
      /rename a\.YAML\. The content of b\.yaml is in Git LFS[^]*not followed: c\\u\{a\}\.yaml\./,
    ) as string,
  });
});

describe('half a promotion', () => {
  it('is a failure that names every marker which does not count', async () => {
    const files = { 'app/source.yaml': good, 'app/release.yaml': behindWords, 'app/patch.yaml': inPatch };
    await expect(promote(files)).rejects.toMatchObject({
      code: 'invalid-manifest',
      message: expect.stringMatching(/app\/release\.yaml:1: .*app\/patch\.yaml:3: /) as string,
    });
  });

  it('is one also within one file', async () => {
    await expect(promote({ 'app/a.yaml': `${good}---\n${inPatch}` })).rejects.toMatchObject({
      code: 'invalid-manifest',
    });
  });

  it('is none because of a line that is commented out: a warning', async () => {
    const { marked, warnings } = await promote({ 'app/a.yaml': `${good}${commentedOut}` });
    expect(marked).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(/^app\/a\.yaml:3: .*commented out/)]);
  });

  it.each([
    ['a marker that does not count', behindWords],
    ['a marker that cannot be honoured', 'a: # {"$promotion": "apps:shop:prod"}\n  b: c\n'],
  ])("is none because of another team's file with %s: a warning", async (_, content) => {
    const { marked, warnings } = await promote({ 'teams/a/app.yaml': good, 'teams/b/copy.yaml': content });
    expect(marked).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(/^teams\/b\/copy\.yaml:1: /)]);
  });
});

const sops = (more: string): string =>
  `${good}  password: ENC[AES256_GCM,data:x,type:str]\nsops:\n  age: []\n  mac: ENC[AES256_GCM,data:y,type:str]\n${more}`;

it('warns that the MAC of SOPS covers the version, with the remedy', async () => {
  const { edits, warnings } = await promote({ 'app/a.yaml': sops('  version: 3.8.1\n') });
  expect(edits).toHaveLength(1);
  expect(warnings).toEqual([expect.stringMatching(/^app\/a\.yaml: .*mac_only_encrypted/)]);
});

it('does not warn where the MAC covers what is encrypted alone', async () => {
  const { warnings } = await promote({ 'app/a.yaml': sops('  mac_only_encrypted: true\n') });
  expect(warnings).toEqual([]);
});

describe('a repository with more than a promotion can need', () => {
  it('fails with the file that takes too much time or memory to parse', async () => {
    const parser: Parser = {
      ...inlineParser,
      run: () => Promise.reject(new BeyondParserLimits('takes more than 30 s to parse: split it')),
    };
    const source = { ...sourceOf(commitOf({ 'apps/a.yaml': good })), parser };
    await expect(setVersions(source, 'head', 'main', task)).rejects.toMatchObject({
      code: 'invalid-manifest',
      message: expect.stringContaining(
        'apps/a.yaml:1: The file takes more than 30 s to parse: split it.',
      ) as string,
    });
  });

  it('fails with the number of its markers', async () => {
    const markers = 'version: 1.0.0 # {"$promotion": "apps:shop:prod"}\n---\n'.repeat(4_000);
    await expect(promote({ 'a.yaml': markers, 'b.yaml': markers })).resolves.toMatchObject({});
    await expect(promote({ 'a.yaml': markers, 'b.yaml': markers, 'c.yaml': markers })).rejects.toMatchObject({
      code: 'invalid-manifest',
      message: expect.stringMatching(/^c\.yaml: .*up to this one, have more than 10000 markers/) as string,
    });
  });

  it('fails with the number of its tokens', async () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index}.yaml`, good]));
    const parser: Parser = {
      ...inlineParser,
      run: async (guest, name, input) => {
        const output = await inlineParser.run(guest, name, input);
        return Object.assign(output, { tokenCount: 240_000 });
      },
    };
    const source = { ...sourceOf(commitOf(files)), parser };
    await expect(setVersions(source, 'head', 'main', task)).rejects.toMatchObject({
      code: 'invalid-manifest',
      message: expect.stringMatching(/^8\.yaml: .* have more than 2000000 YAML tokens/) as string,
    });
  });

  it('fails with the number of its tokens, also where each file has a fault at its end', async () => {
    const faulty = `${'a: b\n'.repeat(40_000)}version: "1.0.0" {"} # {"$promotion": "apps:shop:prod"}\n`;
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`${index + 10}.yaml`, faulty]),
    );
    await expect(promote(files)).rejects.toMatchObject({
      code: 'invalid-manifest',
      message: expect.stringMatching(/^\d+\.yaml: .* have more than 2000000 YAML tokens/) as string,
    });
  });

  it('is no longer parsed once the attempt has ended', async () => {
    const attempt = new AbortController();
    const parser: Parser = {
      ...inlineParser,
      run: (_guest, _name, _input, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    };
    const source = { ...sourceOf(commitOf({ 'a.yaml': good })), parser, signal: attempt.signal };
    const versions = setVersions(source, 'head', 'main', task);
    setImmediate(() => attempt.abort());
    await expect(versions).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('is no longer read once the attempt has ended', async () => {
    const source = { ...sourceOf(commitOf({ 'a.yaml': good })), signal: AbortSignal.abort() };
    await expect(setVersions(source, 'head', 'main', task)).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('has long values clipped, which histories and pull requests would quote', async () => {
    const { marked } = await promote({ 'a.yaml': good.replace('1.0.0', `"${'x'.repeat(100_000)}"`) });
    expect(marked[0]?.previous).toHaveLength(998);
    expect(marked[0]?.previous).toMatch(/^x+…$/);
  });
});
