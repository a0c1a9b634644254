/** The fleet of docs/getting-started-kind.md, written and derived as the guide says: its addresses and names are put in. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { documentedYaml } from '../kubernetes/documented-manifests';
import { fluxNamespace } from '../support/flux-controller';
import { environments } from '../support/installation';
import { codeBlocks, page } from '../unit/docs/pages';
import { type Lab } from './lab';
import { gitUrl, releaseFile } from './manifests';

const guide = 'docs/getting-started-kind.md';
/** The versions that the guide begins with and promotes. */
export const guideVersions = { first: '6.13.0', next: '6.14.0' } as const;

/** All files of the repository after step 4. */
export function guideFiles(lab: Lab, application: string): Record<string, string> {
  const replaced = {
    pipeline: written(['kind: Pipeline'], {
      'https://github.com/example/fleet': gitUrl(lab.installation, application),
      podinfo: application,
    }),
    dev: written(['kind: Provider', 'kind: Alert'], {
      'http://windlass-promotion.windlass.svc.cluster.local:8082': lab.webhook,
      podinfo: application,
    }),
    release: written(['kind: HelmRepository', 'kind: HelmRelease'], {
      'https://stefanprodan.github.io/podinfo': lab.charts.urlOf(application),
      podinfo: application,
    }),
  };
  const files = {
    'promotion/pipeline.yaml': replaced.pipeline,
    'promotion/dev.yaml': replaced.dev,
    [releaseFile('dev')]: replaced.release,
  };
  return derivedByTheGuide(application, files);
}

/** Step 5, with the Secret of step 3. */
export function guideSync(lab: Lab, application: string): string {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: application, namespace: fluxNamespace },
    stringData: { username: 'git', password: lab.installation.token },
  };
  const sync = written(['kind: GitRepository', 'kind: Kustomization'], {
    'https://github.com/example/fleet': gitUrl(lab.installation, application),
    'name: fleet': `name: ${application}`,
    podinfo: application,
  });
  return `${JSON.stringify(secret)}\n---\n${sync}`;
}

const written = (holds: readonly string[], replacements: Record<string, string>) =>
  documentedYaml(guide, holds, replacements);

/** Runs the guide's own loop, which writes what the other environments have. */
function derivedByTheGuide(application: string, files: Record<string, string>): Record<string, string> {
  const block = codeBlocks(page(guide)).find(({ text }) => text.includes('promotion/$environment.yaml'));
  const loop = block?.text.slice(0, block.text.indexOf('done\n') + 'done\n'.length) ?? '';
  const directory = mkdtempSync(path.join(tmpdir(), 'windlass-guide-'));
  try {
    for (const name of ['promotion', ...environments]) mkdirSync(path.join(directory, name));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
    execFileSync('sh', ['-euc', loop.replaceAll('podinfo', application)], { cwd: directory });
    const derived = ['staging', 'prod'].flatMap((name) => [`promotion/${name}.yaml`, `${name}/release.yaml`]);
    return {
      ...files,
      ...Object.fromEntries(derived.map((name) => [name, readFileSync(path.join(directory, name), 'utf8')])),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
