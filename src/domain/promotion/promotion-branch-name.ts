import { bounded, sha256Hex } from '../names';
import { type PipelineRef } from '../pipeline/pipeline';

/** A Git ref's last component is a file name: 255 bytes, minus `.lock`. */
const branchBytes = 240;
/**
 * The branch of an environment's pull request, with the name that pipeline-controller used. Characters that Git rejects
 * in a ref (git-check-ref-format) become `-`. A changed name gets a hash, so that names that differ only in such
 * characters remain different. `a-b`/`c` and `a`/`b-c` still collide, as in pipeline-controller: the trailers of the
 * branch's commits distinguish them (failure `branch-taken`).
 */
export function promotionBranch(pipeline: PipelineRef, environment: string): string {
  const plain = `promotion-${pipeline.namespace}-${pipeline.name}-${environment}`;
  const safe = plain
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '-')
    .replace(/(\.lock|\.)$/, '-');
  return bounded(safe === plain ? plain : `${safe}-${sha256Hex(plain).slice(0, 12)}`, branchBytes);
}
