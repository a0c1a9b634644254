import { bounded, sha256Hex } from '../names';
import { type PipelineRef } from '../pipeline/pipeline';

/** A Git ref's last component is a file name: 255 bytes, less `.lock`. */
const branchBytes = 240;
/**
 * The branch of an environment's pull request, as the original named it.
 * Characters that Git refuses in a ref (git-check-ref-format) become `-`; a name that was changed gets a hash, so that
 * names which differ in such characters alone stay apart. `a-b`/`c` and `a`/`b-c` still meet, as they did in the
 * original: the trailers of the branch's commits tell them apart (failure `branch-taken`).
 */
export function promotionBranch(pipeline: PipelineRef, environment: string): string {
  const plain = `promotion-${pipeline.namespace}-${pipeline.name}-${environment}`;
  const safe = plain
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '-')
    .replace(/(\.lock|\.)$/, '-');
  return bounded(safe === plain ? plain : `${safe}-${sha256Hex(plain).slice(0, 12)}`, branchBytes);
}
