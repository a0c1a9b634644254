import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../eventually';
import { type Gitea } from './client';

export interface HeldPush {
  /** Until Gitea has a push, of which the client does not know yet. */
  received(): Promise<void>;
  /** Lets it be answered, and all later ones. */
  release(): Promise<void>;
}

/** Makes Gitea's own Git server receive pushes and then keep their clients waiting: by a hook in the repository. */
export async function holdPushes(gitea: Gitea, repository: string): Promise<HeldPush> {
  const bare = path.join(gitea.directory, 'repositories', `${repository}.git`);
  const [held, arrived] = [path.join(bare, 'windlass-held'), path.join(bare, 'windlass-arrived')];
  // Gitea's own, which is `gitea`, runs before.
  const hook = path.join(bare, 'hooks/post-receive.d/wait');
  await mkdir(path.dirname(hook), { recursive: true });
  await writeFile(held, '');
  await writeFile(
    hook,
    `#!/bin/sh\ncat >/dev/null\n: >'${arrived}'\nwhile [ -e '${held}' ]; do sleep 0.1; done\n`,
  );
  await chmod(hook, 0o755);
  return {
    received: () => eventually(() => access(arrived), 60_000),
    release: () => rm(held, { force: true }),
  };
}
