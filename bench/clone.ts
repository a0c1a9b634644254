import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../demo/forge/git';

export interface CloneRun {
  readonly repositoryUrl: string;
  readonly token: string;
  /** Made by the clone. */
  readonly directory: string;
  /** One that the server does not have. */
  readonly branch: string;
  /** The text behind the version to set. */
  readonly marker: string;
  readonly version: string;
}

/** What a script in a CI job does: clone, find the marker, edit, commit, push; without the pull request. */
export async function cloneEditPush(run: CloneRun): Promise<void> {
  const { directory } = run;
  const environment = authorization(run.token);
  await git('.', ['clone', '--quiet', run.repositoryUrl, directory], { environment });
  const found = await git(directory, ['grep', '--fixed-strings', '--files-with-matches', run.marker]);
  for (const file of found.split('\n').filter((name) => name !== '')) {
    await setVersion(join(directory, file), run.marker, run.version);
  }
  await git(directory, ['switch', '--quiet', '--create', run.branch]);
  await git(directory, ['commit', '--quiet', '--all', '--message', `Promote to ${run.version}`]);
  await git(directory, ['push', '--quiet', 'origin', run.branch], { environment });
}

/** As sed would. */
async function setVersion(file: string, marker: string, version: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const edited = lines.map((line) =>
    line.includes(marker) ? line.replace(/version: \S+/, `version: ${version}`) : line,
  );
  await writeFile(file, edited.join('\n'));
}

function authorization(token: string): Record<string, string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}
