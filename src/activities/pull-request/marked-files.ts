import { WindlassError } from '../../domain/errors';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { type FileEdit, type Repository } from '../../git/repository';
import { ManifestFault } from '../../manifests/manifest-fault';
import { type Marker, markerValue } from '../../manifests/marker';
import { setMarkedVersions } from '../../manifests/set-marked-versions';

/** One marked version, and its replacement. */
export interface VersionChange {
  readonly path: string;
  readonly line: number;
  readonly previous: string;
}

export interface MarkedVersions {
  /** Every marked version of the environment, changed or not. */
  readonly marked: readonly VersionChange[];
  /** The files whose bytes change. */
  readonly edits: readonly FileEdit[];
}

/**
 * Finds every marker of the task's environment in a commit and sets its version.
 * @throws WindlassError no-marker, invalid-manifest
 */
export async function setVersions(
  repository: Repository,
  commit: string,
  base: string,
  task: PromotionTask,
): Promise<MarkedVersions> {
  const marker: Marker = {
    namespace: task.pipeline.namespace,
    pipeline: task.pipeline.name,
    environment: task.to,
  };
  const files = await repository.filesContaining(commit, markerValue(marker));
  const marked: VersionChange[] = [];
  const edits: FileEdit[] = [];
  for (const file of files) {
    const text = file.content.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(file.content)) {
      throw new WindlassError('invalid-manifest', `${file.path} is not valid UTF-8.`);
    }
    const edited = editFile(file.path, () => setMarkedVersions(text, marker, task.version));
    marked.push(...edited.changes.map((change) => ({ path: file.path, ...change })));
    if (edited.text !== text) edits.push({ path: file.path, content: Buffer.from(edited.text, 'utf8') });
  }
  if (marked.length === 0) {
    throw new WindlassError(
      'no-marker',
      `No manifest on the branch ${base} has the marker # {"$promotion": "${markerValue(marker)}"}.`,
    );
  }
  return { marked, edits };
}

function editFile<T>(path: string, edit: () => T): T {
  try {
    return edit();
  } catch (error) {
    if (error instanceof ManifestFault) {
      throw new WindlassError('invalid-manifest', `${path}:${error.line}: ${error.reason}.`, {
        cause: error,
      });
    }
    throw error;
  }
}
